"""Deliveries: the proof that a letter was handed over."""

from typing import cast

from patient_billing import events
from patient_billing.messages import Delivered, Letter
from patient_billing.storage import BillingWork, DeliveryRow
from revcycle_kit.delivery.messages import GivenUp, Reply


async def record_delivery(reply: Reply[Delivered], work: BillingWork) -> None:
    """Keep the proof that a letter was handed over."""
    letter = cast("Letter", reply.effect)
    work.deliveries.add(DeliveryRow(work.new_id(), letter.document, letter.document_id, work.now))


async def give_up_letter(failure: GivenUp[Delivered], work: BillingWork) -> None:
    """Announce that a letter is not sent again by itself; it stays on the list of what is not delivered."""
    letter = cast("Letter", failure.effect)
    work.publish(events.effect_given_up(failure, work.stream, letter.document_id, work.now))
