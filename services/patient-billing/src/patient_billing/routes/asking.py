"""How a command reaches an account, and how its answer is shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from patient_billing.commands import AccountState
from patient_billing.messages import account_stream
from patient_billing.routes.reading import Runs
from patient_billing.routes.views import AccountStateView, state_view
from revcycle_kit.auth import Grant
from revcycle_kit.delivery.messages import Command
from revcycle_kit.delivery.runtime import answer_as
from revcycle_kit.errors import Refusal
from revcycle_kit.http import CommandKey


class Asked(BaseModel):
    """The body of a command; a field that we do not know is refused."""

    model_config = ConfigDict(extra="forbid")


def organization_of(caller: Grant) -> UUID:
    """Return the caller's organization: the rules of its billing entities are decided under it. Raises Refusal."""
    if caller.organization_id is None:
        raise Refusal("Your grant names no organization.", "", "Ask who grants access to add it.")
    return caller.organization_id


class Desk:
    """Puts commands to accounts, for the caller."""

    def __init__(self, runtime: Runs) -> None:
        self.runtime = runtime

    async def ask(
        self, command: Command, billing_entity_id: UUID, account_id: UUID, caller: Grant, key: CommandKey
    ) -> AccountStateView:
        """Run a command on an account. Raises NotFound for one that the caller may not know of."""
        caller.require_billing_entity(billing_entity_id)
        organization_of(caller)
        stream = account_stream(billing_entity_id, account_id)
        answer = await self.runtime.execute(command, stream, grant=caller, key=key)
        return state_view(answer_as(AccountState, answer))
