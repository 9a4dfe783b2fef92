"""Notices that the patient signed, and the choice to pay without insurance."""

from msgspec.structs import replace

from eligibility import published
from eligibility.domain.registration import (
    Chart,
)
from eligibility.handlers.records import keep, known_chart
from eligibility.messages.commands import (
    Done,
    ElectSelfPay,
    SignNotice,
)
from eligibility.storage import EligibilityWork


async def sign_notice(asked: SignNotice, work: EligibilityWork) -> Done:
    """Record a notice that the patient signed."""
    encounter = known_chart(work).encounter
    work.publish(
        published.NoticeSigned(
            encounter_id=encounter.encounter_id, kind=asked.kind, codes=asked.codes, signed_on=asked.signed_on
        )
    )
    return Done(id=encounter.encounter_id, state=asked.kind)


async def elect_self_pay(asked: ElectSelfPay, work: EligibilityWork) -> Done:
    """Record that the patient pays cash and forbids disclosure to the plan (45 CFR 164.522)."""
    chart = known_chart(work)
    if chart.encounter.elected_self_pay_on is None:
        elected = replace(chart.encounter, self_pay=True, elected_self_pay_on=asked.elected_on)
        keep(Chart(encounter=elected, identity=chart.identity), work)
        work.publish(published.SelfPayElected(encounter_id=elected.encounter_id, elected_on=asked.elected_on))
    return Done(id=chart.encounter.encounter_id, state="self_pay")
