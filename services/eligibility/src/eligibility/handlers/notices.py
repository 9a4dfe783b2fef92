"""Notices that the patient signed, and the choice to pay without insurance."""

from eligibility import published
from eligibility.handlers.records import keep_record, registered_record
from eligibility.messages.commands import (
    Done,
    ElectSelfPay,
    SignNotice,
)
from eligibility.storage import EligibilityWork
from revcycle_kit.values import replace


async def sign_notice(command: SignNotice, work: EligibilityWork) -> Done:
    """Record a notice that the patient signed."""
    encounter = registered_record(work).encounter
    work.publish(
        published.NoticeSigned(
            encounter_id=encounter.encounter_id, kind=command.kind, codes=command.codes, signed_on=command.signed_on
        )
    )
    return Done(id=encounter.encounter_id, state=command.kind)


async def elect_self_pay(command: ElectSelfPay, work: EligibilityWork) -> Done:
    """Record that the patient pays cash and forbids disclosure to the plan (45 CFR 164.522)."""
    record = registered_record(work)
    if record.encounter.elected_self_pay_on is None:
        elected = replace(record.encounter, self_pay=True, elected_self_pay_on=command.elected_on)
        keep_record(replace(record, encounter=elected), work)
        work.publish(published.SelfPayElected(encounter_id=elected.encounter_id, elected_on=command.elected_on))
    return Done(id=record.encounter.encounter_id, state="self_pay")
