"""Deliveries: the proof that a letter was handed over."""

from typing import cast

from patient_billing.messages import Delivered, Letter
from patient_billing.storage import BillingWork, DeliveryRow
from revcycle_kit.delivery.messages import Reply


async def record_delivery(reply: Reply[Delivered], work: BillingWork) -> None:
    """Keep the proof that a letter was handed over."""
    letter = cast("Letter", reply.effect)
    work.deliveries.add(DeliveryRow(work.new_id(), letter.document, letter.document_id, work.now))
