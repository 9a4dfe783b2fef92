"""Encounters: registered, estimated, cancelled; what insurance has open on them; a coverage shown late."""

from patient_billing.consumed import (
    EncounterCancelled,
    EncounterIdentity,
    EncounterRegistered,
    EncounterUpdated,
    EstimatePrepared,
    LedgerPosted,
)
from patient_billing.domain.encounter import BilledEncounter
from patient_billing.domain.ledger import insurance_moved
from patient_billing.handlers.addressees import seal_addressee
from patient_billing.messages import (
    CoveragePresented,
    EncounterReleased,
    InsuranceChanged,
    PresentInsurance,
    WatchInsurance,
    account_id_of,
    account_stream,
)
from patient_billing.published import InsurancePresented
from patient_billing.storage import BillingWork
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.errors import NotFound
from revcycle_kit.values import replace


async def register_encounter(event: EncounterRegistered | EncounterUpdated, work: BillingWork) -> None:
    """Know whose encounter it is; once something was billed, its account stays."""
    identity = work.open_identity(event.identity, EncounterIdentity) if event.identity else EncounterIdentity()
    encounter = BilledEncounter(
        encounter_id=event.encounter_id,
        clinic_id=work.stream.tenant_id,
        billing_entity_id=event.billing_entity_id,
        guarantor_id=event.guarantor_id,
        patient_id=event.patient_id,
        account_id=account_id_of(event.billing_entity_id, event.guarantor_id),
        service_on=event.service_on,
        sealed=seal_addressee(identity, event.encounter_id, work),
        email_known=bool(identity.guarantor.email or identity.patient.email),
    )
    earlier = work.encounters.find(event.encounter_id)
    work.encounters.put(encounter.after(earlier) if earlier else encounter)


async def record_estimate(event: EstimatePrepared, work: BillingWork) -> None:
    """Keep the good-faith estimate: a bill far above it may be disputed."""
    if event.kind == "good_faith":
        encounter = work.encounters.get(event.encounter_id)
        work.encounters.put(replace(encounter, estimate_cents=event.patient_cents))


async def cancel_encounter(event: EncounterCancelled, work: BillingWork) -> None:
    """Free what was paid ahead for an encounter that will not take place."""
    encounter = work.encounters.get(event.encounter_id)
    work.encounters.put(replace(encounter, cancelled=True))
    released = EncounterReleased(encounter_id=encounter.encounter_id)
    work.send(released, account_stream_of(encounter), key=str(work.message_id))


async def track_insurance(event: LedgerPosted, work: BillingWork) -> None:
    """Follow what is open with payers; tell the accounts that have money here when that opens or closes."""
    earlier = work.encounters.get(event.encounter_id)
    encounter = earlier.insured(insurance_moved(event.entries))
    work.encounters.put(encounter)
    if encounter.insurance_open != earlier.insurance_open:
        for billing_entity_id, account_id in encounter.watchers:
            _send_insurance(encounter, account_stream(billing_entity_id, account_id), work)


async def watch_insurance(message: WatchInsurance, work: BillingWork) -> None:
    """Tell an account from which money was paid ahead whether insurance is open, and each time that changes."""
    encounter = work.encounters.get(work.stream.id).watched_by(message.billing_entity_id, message.account_id)
    work.encounters.put(encounter)
    _send_insurance(encounter, account_stream(message.billing_entity_id, message.account_id), work)


async def present_insurance(command: PresentInsurance, work: BillingWork) -> None:
    """Announce that a coverage was shown, and pause the bill of its encounter."""
    encounter = work.encounters.find(work.stream.id)
    if encounter is None:
        raise NotFound("encounter")
    on = local_date(work.now, work.clinics.get(encounter.clinic_id).time_zone)
    work.publish(
        InsurancePresented(
            encounter_id=encounter.encounter_id,
            account_id=encounter.account_id,
            payer_name=command.payer_name,
            presented_on=on,
        )
    )
    presented = CoveragePresented(encounter_id=encounter.encounter_id, presented_on=on)
    work.send(presented, account_stream_of(encounter), key=str(work.message_id))


def account_stream_of(encounter: BilledEncounter) -> StreamRef:
    """Return the stream of the account that an encounter is billed to."""
    return account_stream(encounter.billing_entity_id, encounter.account_id)


def _send_insurance(encounter: BilledEncounter, account: StreamRef, work: BillingWork) -> None:
    changed = InsuranceChanged(encounter_id=encounter.encounter_id, insurance_open=encounter.insurance_open)
    work.send(changed, account, key=str(work.message_id))
