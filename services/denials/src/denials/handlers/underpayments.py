"""Underpayments: what was allowed below the contract."""

from denials import consumed
from denials.domain.underpayment import Underpayment
from denials.storage import DenialsWork
from revcycle_kit.ids import derived_id


async def record_underpayment(event: consumed.UnderpaymentFound, work: DenialsWork) -> None:
    """List what was allowed below the contract: a dispute, but no denial."""
    work.underpayments.put(
        Underpayment(
            underpayment_id=derived_id("underpayment", str(event.claim_id), str(event.line_number)),
            encounter_id=event.encounter_id,
            claim_id=event.claim_id,
            line_number=event.line_number,
            expected_cents=event.expected_cents,
            allowed_cents=event.allowed_cents,
            found_on=work.occurred_at.date(),
        )
    )
