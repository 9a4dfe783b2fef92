"""Charges, as the EHR hands them over and as a coder completes them."""

from claims import consumed
from claims.domain.charges import charge
from claims.domain.charging import receive, recoded
from claims.handlers.cases import keep_case, open_case
from claims.messages import CompleteCoding
from claims.storage import ClaimsWork
from revcycle_kit.values import replace


async def receive_charges(event: consumed.ChargesReceived, work: ClaimsWork) -> None:
    """Price and post what the EHR handed over; what cannot be billed as it is goes to the coding worklist."""
    case = open_case(work)
    encounter = receive(case.encounter, event.charges, event.diagnoses, complete=event.complete)
    keep_case(charge(replace(case, encounter=encounter), by="rules"), work)


async def complete_coding(command: CompleteCoding, work: ClaimsWork) -> None:
    """Take a coder's answer: codes, diagnoses, provider; then the encounter goes on."""
    case = open_case(work)
    codes = {line.line_id: line for line in command.lines}
    encounter = recoded(case.encounter, codes, command.diagnoses)
    provider_id = command.rendering_provider_id or encounter.rendering_provider_id
    encounter = replace(encounter, rendering_provider_id=provider_id)
    keep_case(charge(replace(case, encounter=encounter), by="coder"), work)
