"""Underpayments: what was allowed below the contract."""

from denials import consumed
from denials.domain.underpayment import Underpayment
from denials.storage import DenialsWork
from revcycle_kit.ids import derived_id


async def record_underpayment(found: consumed.UnderpaymentFound, work: DenialsWork) -> None:
    """List what was allowed below the contract: a dispute, but no denial."""
    work.underpayments.put(
        Underpayment(
            underpayment_id=derived_id("underpayment", str(found.claim_id), str(found.line_number)),
            encounter_id=found.encounter_id,
            claim_id=found.claim_id,
            line_number=found.line_number,
            expected_cents=found.expected_cents,
            allowed_cents=found.allowed_cents,
            found_on=work.occurred_at.date(),
        )
    )
