"""An encounter's case: loaded once for a handler, and kept, announced and followed up once when it has decided."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from claims import events
from claims.domain.batches import ClaimRef
from claims.domain.calendar import NOON, next_tick
from claims.domain.case import Alarm, EncounterCase, Wait
from claims.domain.claims import Claim
from claims.domain.directory import Clinic, Payer
from claims.domain.edits import PreventionRule
from claims.domain.encounters import Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity
from claims.domain.policy import BillingPolicy
from claims.domain.pricing import PriceList
from claims.messages import AnswerDue, BillingDue, ClaimQueued, RecheckDue, submission_stream
from claims.storage import SEALED_AS, ClaimsWork, EncounterFile, LedgerRow, enrollments_id
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import Timer
from revcycle_kit.errors import NotFound


def open_case(work: ClaimsWork) -> EncounterCase:
    """Load the encounter of the message with its claims. Raises NotYet while it is not registered."""
    file = work.encounters.get(work.stream.id)
    claims = {claim.claim_id: claim for claim in work.claims.all()}
    return EncounterCase(
        former=file.encounter, encounter=file.encounter, claims=claims, context=WorkContext(work, file)
    )


def claim_in(case: EncounterCase, claim_id: UUID) -> Claim:
    """Return a claim of the encounter. Raises NotFound."""
    claim = case.claims.get(claim_id)
    if claim is None:
        raise NotFound("claim")
    return claim


def keep_case(case: EncounterCase, work: ClaimsWork) -> None:
    """Keep what a decision changed, announce it, and set in motion what follows."""
    changes = case.changes
    for claim in changes.claims.values():
        work.claims.put(claim)
    _keep_encounter(case, work)
    for fact in changes.facts:
        work.publish(events.event_of(case, fact), identity=events.identity_of(case, fact))
    if changes.entries:
        work.ledger.add(*(LedgerRow.of(entry, work.new_id()) for entry in changes.entries))
        work.publish(events.ledger_posted(case.encounter, changes.entries))
    for alarm in changes.alarms:
        _set_alarm(alarm, work)
    for claim in changes.queued:
        _queue(case, claim, work)


def _keep_encounter(case: EncounterCase, work: ClaimsWork) -> None:
    identity = case.changes.identity
    if case.encounter is case.former and identity is None:
        return
    file = work.encounters.get(work.stream.id)
    sealed = file.identity if identity is None else work.seal(identity, SEALED_AS, file.encounter_id)
    work.encounters.put(EncounterFile(encounter=case.encounter, identity=sealed))


_TIMERS: Final[Mapping[Wait, type[Timer]]] = {
    Wait.BILLING: BillingDue,
    Wait.RECHECK: RecheckDue,
    Wait.ANSWER: AnswerDue,
}


def _set_alarm(alarm: Alarm, work: ClaimsWork) -> None:
    kind = _TIMERS[alarm.wait]
    key = str(alarm.claim_id) if alarm.claim_id else alarm.wait.value
    if alarm.at is None:
        work.cancel(kind, key)
    else:
        work.later(kind() if alarm.claim_id is None else AnswerDue(claim_id=alarm.claim_id), alarm.at, key)


def _queue(case: EncounterCase, claim: Claim, work: ClaimsWork) -> None:
    """Put a claim that passed its edits into its payee's next interchange."""
    reference = ClaimRef(
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        clinic_id=claim.clinic_id,
        kind=claim.kind,
        patient_control_number=claim.patient_control_number,
    )
    send_at = next_tick(work.now, case.context.clinic.time_zone, NOON)
    queued = ClaimQueued(claim=reference, organization_id=case.encounter.organization_id, send_at=send_at)
    work.send(queued, to=submission_stream(claim.billing_entity_id), key=f"{claim.claim_id}:{work.message_id}")


class WorkContext:
    """What a decision looks up, read from the work: the directory as it is known, each thing when it is asked for."""

    def __init__(self, work: ClaimsWork, file: EncounterFile) -> None:
        self._work = work
        self._file = file

    @property
    def now(self) -> datetime:
        """The instant."""
        return self._work.now

    @cached_property
    def today(self) -> date:
        """The date that the clinic reads on its calendar."""
        return local_date(self._work.now, self.clinic.time_zone)

    @cached_property
    def clinic(self) -> Clinic:
        """The clinic. Raises NotYet where the directory has not said it."""
        return self._work.clinics.get(self._file.encounter.clinic_id)

    @cached_property
    def policy(self) -> BillingPolicy:
        """The clinic's billing days."""
        encounter = self._file.encounter
        policy = self._work.policies.find(encounter.clinic_id)
        return policy or BillingPolicy(clinic_id=encounter.clinic_id, organization_id=encounter.organization_id)

    @cached_property
    def identity(self) -> EncounterIdentity:
        """Who the people are: opened here, and kept nowhere in clear."""
        if not self._file.identity:
            return EncounterIdentity()
        return self._work.open(self._file.identity, SEALED_AS, self._file.encounter_id, EncounterIdentity)

    @property
    def prices(self) -> PriceList | None:
        """The chargemaster and the contracts of the payee."""
        prices = self._work.prices.find(self._file.billing_entity_id)
        return prices.prices if prices else None

    @property
    def rules(self) -> tuple[PreventionRule, ...]:
        """The rules that were learned from denials."""
        return tuple(self._work.prevention.all())

    def payer(self, payer_id: UUID) -> Payer | None:
        """Return a payer, if the directory has it."""
        return self._work.payers.find(payer_id)

    def parties(self, encounter: Encounter, payer_ids: Iterable[UUID]) -> Parties:
        """Return everybody whom a claim has to name. Raises NotYet for a payer of whom the directory has not told."""
        work, wanted = self._work, tuple(payer_ids)
        providers = (work.providers.find(provider_id) for provider_id in encounter.provider_ids)
        enrollments = (
            work.enrollments.find(enrollments_id(payer_id, encounter.billing_entity_id)) for payer_id in wanted
        )
        return Parties(
            clinic=self.clinic,
            payee=work.payees.get(encounter.billing_entity_id),
            payers={payer_id: work.payers.get(payer_id) for payer_id in wanted},
            providers={provider.provider_id: provider for provider in providers if provider is not None},
            enrollments=tuple(row for enrolled in enrollments if enrolled is not None for row in enrolled.rows),
            prices=self.prices,
        )
