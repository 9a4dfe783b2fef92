"""Charges of an encounter: taken from messages or entered by hand, handed on once it is registered."""

from uuid import UUID

from msgspec.structs import replace

from eligibility import events, published
from eligibility.domain.charges import Delivery, charged
from eligibility.domain.encounter import Encounter
from eligibility.domain.facts import (
    Charges,
    EncounterSent,
    PatientSent,
    encounter_of,
)
from eligibility.domain.registration import (
    Chart,
    Context,
    diagnoses_of,
    expected,
)
from eligibility.handlers.records import keep, known_chart, provider_of
from eligibility.messages.commands import (
    AddCharges,
    Done,
)
from eligibility.storage import PENDING_PURPOSE, EligibilityWork
from revcycle_kit.errors import Refusal
from revcycle_kit.sealing import Sealed


async def add_charges(asked: AddCharges, work: EligibilityWork) -> Done:
    """Take charges entered by hand."""
    chart = known_chart(work)
    told = Charges(
        patient=PatientSent(
            patient_id=chart.encounter.patient_id,
            medical_record_number=chart.identity.medical_record_number,
            assigner="",
            person=chart.identity.patient,
        ),
        encounter=EncounterSent(encounter_id=chart.encounter.encounter_id),
        lines=asked.lines,
        diagnoses=asked.diagnoses,
        complete=asked.complete,
        reference=f"api/{asked.reference}",
    )
    delivery: Delivery = charged(chart.encounter, told)
    if delivery.unmatched:
        raise Refusal(
            "A credit takes back a charge that this encounter does not have.",
            "lines",
            "Send the transaction id, or code, modifiers and date of the charge it takes back.",
        )
    hand_on(told, chart, work)
    return Done(id=chart.encounter.encounter_id, state=f"{len(delivery.lines)} lines")


def receive_charges(told: Charges, chart: Chart | None, context: Context, work: EligibilityWork) -> None:
    """Take charges of a message; without a registration they wait for it."""
    sent = encounter_of(told)
    if chart is None and sent is not None:
        chart = expected(told.patient, sent, context)
    if chart is None:
        return
    if not chart.encounter.registrations:
        sealed = work.seal(told, PENDING_PURPOSE, chart.encounter.encounter_id)
        waiting = replace(chart.encounter, pending=(*chart.encounter.pending, sealed))
        keep(Chart(encounter=waiting, identity=chart.identity), work)
        return
    after = hand_on(told, chart, work)
    if chart.encounter.pending:
        release_pending(after, work)


def release_pending(chart: Chart, work: EligibilityWork) -> Chart:
    """Hand on what waited for the registration, in the order it came."""
    pending = chart.encounter.pending
    chart = Chart(encounter=replace(chart.encounter, pending=()), identity=chart.identity)
    for sealed in pending:
        told = work.open(Sealed(sealed), PENDING_PURPOSE, chart.encounter.encounter_id, Charges)
        chart = hand_on(told, chart, work)
    return keep(chart, work) if pending else chart


def hand_on(told: Charges, chart: Chart, work: EligibilityWork) -> Chart:
    """Hand charges on; a credit without its charge waits for the next delivery."""
    delivery = charged(chart.encounter, told)
    encounter = delivery.encounter
    if delivery.unmatched:
        waiting = replace(told, lines=delivery.unmatched)
        sealed = work.seal(waiting, PENDING_PURPOSE, encounter.encounter_id)
        encounter = replace(encounter, pending=(*encounter.pending, sealed))
    chart = keep(Chart(encounter=encounter, identity=chart.identity), work)
    if delivery.lines:
        organization_id = encounter.organization_id
        work.publish(
            published.ChargesReceived(
                encounter_id=encounter.encounter_id,
                charges=tuple(
                    events.received_charge(line, _rendering(line.sent.provider, organization_id, work))
                    for line in delivery.lines
                ),
                diagnoses=events.diagnoses(delivery.diagnoses),
                complete=told.complete,
                received_at=work.now,
            )
        )
    return chart


def _rendering(provider: object, organization_id: UUID, work: EligibilityWork) -> UUID | None:
    return provider_of(provider, organization_id, work) if provider is not None else None  # type: ignore[arg-type]


def publish_diagnoses(encounter: Encounter, context: Context, work: EligibilityWork) -> None:
    """Tell diagnoses that came after the charges: no new charge, but what the claim will carry."""
    work.publish(
        published.ChargesReceived(
            encounter_id=encounter.encounter_id,
            charges=(),
            diagnoses=events.diagnoses(diagnoses_of(encounter.diagnoses, ())),
            received_at=context.received_at,
        )
    )
