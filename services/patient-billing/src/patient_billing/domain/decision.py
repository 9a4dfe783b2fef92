"""A decision: the account as it is now, and what follows from it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Concatenate, ParamSpec
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.facts import Fact
from patient_billing.domain.policy import BillingPolicy, policy_on
from patient_billing.domain.posting import Posting
from patient_billing.domain.statement import Statement
from revcycle_kit.values import Value, replace

_P = ParamSpec("_P")


class Moment(Value):
    """The instant of a decision and the policies in force; `today` is the account's calendar date."""

    now: datetime
    today: date
    new_id: Callable[[], UUID]
    policies: tuple[BillingPolicy, ...] = ()

    @property
    def policy(self) -> BillingPolicy:
        """The policy in force today."""
        return self.policy_at(self.today)

    def policy_at(self, on: date) -> BillingPolicy:
        """Return the policy in force on a day, such as the day of service."""
        return policy_on(self.policies, on)


class Decision(Value):
    """The new account, what its encounters post, what it announces, and the statements it sends."""

    account: PatientAccount
    postings: tuple[Posting, ...] = ()
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()

    def then(
        self,
        step: Callable[Concatenate[PatientAccount, _P], "Decision"],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> "Decision":
        """Take the next step on the account as it is now, and keep what followed before."""
        after = step(self.account, *args, **kwargs)
        return Decision(
            after.account,
            self.postings + after.postings,
            self.facts + after.facts,
            self.statements + after.statements,
        )

    def saying(self, *facts: Fact) -> "Decision":
        """Announce facts with the decision."""
        return replace(self, facts=self.facts + facts)
