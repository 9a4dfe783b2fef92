"""Case: the documents of one encounter while a handler works on them, loaded once and saved once."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from claims import events as say
from claims import published
from claims.domain.batches import ClaimRef
from claims.domain.claims import Claim
from claims.domain.directory import Clinic
from claims.domain.edits import Dossier, Rulebook, check
from claims.domain.encounters import Encounter
from claims.domain.ledger import Entry
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity
from claims.domain.planning import due_on, is_self_pay, plan
from claims.domain.policy import BillingPolicy
from claims.domain.settlement import positions, settle
from claims.domain.ticks import MORNING, NOON, next_tick, tick_on
from claims.messages import BillingDue, ClaimQueued, RecheckDue
from claims.storage import SEALED_AS, ClaimsWork, EncounterFile, LedgerRow, enrollments_id
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.messages import StreamRef
from revcycle_kit.ids import derived_id
from revcycle_kit.money import Cents
from revcycle_kit.values import replace


class Case:
    """One encounter at work; see the module."""

    def __init__(self, work: ClaimsWork) -> None:
        self.work = work
        file = work.encounters.get(work.stream.id)
        self.encounter: Encounter = file.encounter
        self.sealed = file.identity
        self.claims: dict[UUID, Claim] = {claim.claim_id: claim for claim in work.claims.all()}
        self._entries: list[Entry] = []

    # what is known

    @cached_property
    def clinic(self) -> Clinic:
        """The clinic. Raises NotYet where the directory has not said it."""
        return self.work.clinics.get(self.encounter.clinic_id)

    @cached_property
    def today(self) -> date:
        """The date that the clinic reads on its calendar."""
        return local_date(self.work.now, self.clinic.time_zone)

    @cached_property
    def policy(self) -> BillingPolicy:
        """The clinic's billing days."""
        known = self.work.policies.find(self.encounter.clinic_id)
        return known or BillingPolicy(
            clinic_id=self.encounter.clinic_id, organization_id=self.encounter.organization_id
        )

    @cached_property
    def identity(self) -> EncounterIdentity:
        """Who the people are: opened here, and kept nowhere in clear."""
        if not self.sealed:
            return EncounterIdentity()
        return self.work.open(self.sealed, SEALED_AS, self.encounter.encounter_id, EncounterIdentity)

    def parties(self) -> Parties:
        """Return the directory as far as this encounter needs it. Raises NotYet for a payer that nobody told us."""
        work, encounter = self.work, self.encounter
        payers = dict.fromkeys(
            [coverage.payer_id for coverage in encounter.coverages] + [claim.payer_id for claim in self.claims.values()]
        )
        providers = {
            provider_id
            for provider_id in (
                encounter.rendering_provider_id,
                encounter.attending_provider_id,
                encounter.referring_provider_id,
                *(charge.rendering_provider_id for charge in encounter.charges),
            )
            if provider_id is not None
        }
        known = (work.enrollments.find(enrollments_id(payer, encounter.billing_entity_id)) for payer in payers)
        prices = work.prices.find(encounter.billing_entity_id)
        return Parties(
            clinic=self.clinic,
            payee=work.payees.get(encounter.billing_entity_id),
            payers={payer: work.payers.get(payer) for payer in payers},
            providers={
                provider: found for provider in providers if (found := work.providers.find(provider)) is not None
            },
            enrollments=tuple(row for enrolled in known if enrolled is not None for row in enrolled.rows),
            prices=prices.prices if prices else None,
        )

    # what is changed

    def post(self, entries: Iterable[Entry]) -> None:
        """Put entries on the encounter's ledger."""
        self._entries.extend(entries)

    def keep(self, claim: Claim) -> None:
        """Keep a claim's new value."""
        if self.claims.get(claim.claim_id) != claim:
            self.claims[claim.claim_id] = claim
            self.work.claims.put(claim)

    def save(self) -> None:
        """Save the encounter and say what was posted: once, at the end of the handler."""
        file = EncounterFile(encounter=self.encounter, identity=self.sealed)
        self.work.encounters.put(file)
        if self._entries:
            self.work.ledger.add(*(self._row(entry) for entry in self._entries))
            self.work.publish(say.ledger_posted(self.encounter.encounter_id, self._entries))
            self._entries = []

    def _row(self, entry: Entry) -> LedgerRow:
        return LedgerRow(
            entry_id=self.work.new_id(),
            debit=entry.debit,
            credit=entry.credit,
            amount_cents=entry.amount_cents,
            claim_id=entry.claim_id,
            payer_id=entry.payer_id,
            carc=entry.carc,
            service_on=entry.service_on,
            posted_on=entry.posted_on,
            deposited_on=entry.deposited_on,
        )

    # billing

    @property
    def may_bill(self) -> bool:
        """True: charges are complete and coded, the service is over, and the hold has passed."""
        encounter = self.encounter
        over = encounter.finished or self.today > (encounter.service_through_on or encounter.service_on)
        return (
            encounter.charges_complete
            and encounter.coding == "done"
            and not encounter.cancelled
            and over
            and self.today >= due_on(encounter, self.policy.bill_hold_days)
        )

    def schedule(self) -> None:
        """Bill at the next morning on which the encounter may be billed."""
        encounter = self.encounter
        if encounter.coding != "done" or not encounter.charges_complete or encounter.cancelled:
            return
        last = encounter.service_through_on or encounter.service_on
        first = last if encounter.finished else last + timedelta(days=1)
        due = max(first, due_on(encounter, self.policy.bill_hold_days))
        self.work.later(BillingDue(), tick_on(due, self.work.now, self.clinic.time_zone, MORNING), "billing")

    def bill(self) -> None:
        """Make, check and queue the claims that are needed now, or bill the patient where no payer is asked."""
        if not self.may_bill:
            return
        self.encounter = replace(self.encounter, self_pay=is_self_pay(self.encounter))
        parties = self.parties()
        for claim in plan(self.encounter, self.claims.values(), parties):
            if claim.state == "voided":
                self.keep(claim)
            else:
                self.examine(claim, parties)

    def examine(self, claim: Claim, parties: Parties) -> Claim:
        """Run the edits over a claim: it is queued for sending, or held for whoever can put it right."""
        before = self.claims.get(claim.claim_id)
        first = claim.first_edited_on is None
        claim = replace(claim, first_edited_on=claim.first_edited_on or self.today)
        dossier = Dossier(
            claim=claim,
            encounter=self.encounter,
            identity=self.identity,
            parties=parties,
            today=self.today,
            rulebook=Rulebook(prevention=tuple(self.work.prevention.all())),
            siblings=tuple(self.claims.values()),
            may_wait=first or claim.first_edited_on == self.today,
        )
        findings = check(dossier)
        if findings:
            claim = claim.hold(findings, self.work.now)
            if before is None or before.findings != claim.findings:
                self.work.publish(say.claim_held(claim, self.work.now))
            if any(finding.owner == "system" for finding in findings):
                tomorrow = self.today + timedelta(days=1)
                at = tick_on(tomorrow, self.work.now, self.clinic.time_zone, MORNING)
                self.work.later(RecheckDue(), at, "recheck")
        else:
            claim = claim.release(self.today)
            self.queue(claim)
        self.keep(claim)
        return claim

    def queue(self, claim: Claim) -> None:
        """Put a claim that passed its edits into its payee's next interchange."""
        queued = ClaimQueued(
            claim=ClaimRef(
                claim_id=claim.claim_id,
                encounter_id=claim.encounter_id,
                clinic_id=claim.clinic_id,
                kind=claim.kind,
                patient_control_number=claim.patient_control_number,
            ),
            organization_id=self.encounter.organization_id,
            send_at=next_tick(self.work.now, self.clinic.time_zone, NOON),
        )
        self.work.send(
            queued, to=submission_stream(claim.billing_entity_id), key=f"{claim.claim_id}:{self.work.message_id}"
        )

    # what follows from decisions

    def settle(self, reason: str = "") -> None:
        """Move to (or back from) the patient what the decisions ask for, and post what else follows from them."""
        payers = {
            claim.payer_id: payer
            for claim in self.claims.values()
            if (payer := self.work.payers.find(claim.payer_id)) is not None
        }
        claims = tuple(self.claims.values())
        done = settle(self.encounter, claims, payers, self.today)
        self.encounter = done.encounter
        self.post(done.entries)
        publish = self.work.publish
        if done.patient_delta_cents > 0:
            places = positions(self.encounter, claims)
            publish(say.patient_balance_due(self.encounter, done.patient_delta_cents, places, self.today))
        elif done.patient_delta_cents < 0:
            told = reason or "the payers' decisions changed"
            publish(say.patient_balance_withdrawn(self.encounter, Cents(-done.patient_delta_cents), told, self.today))
        if done.credit_found_cents:
            publish(
                published.CreditBalanceFound(
                    encounter_id=self.encounter.encounter_id,
                    party="payer",
                    amount_cents=done.credit_found_cents,
                    found_on=self.today,
                )
            )
        for write_off, lost, adjusted in done.written_off:
            publish(say.insurance_written_off(self.encounter.encounter_id, write_off, lost, adjusted, self.today))


def submission_stream(billing_entity_id: UUID) -> StreamRef:
    """Return the stream on which a payee's claims queue for their interchange."""
    return StreamRef(
        "billing_entity", billing_entity_id, "submission", derived_id("submission", str(billing_entity_id))
    )


def encounter_stream(clinic_id: UUID, encounter_id: UUID) -> StreamRef:
    """Return an encounter's stream."""
    return StreamRef("clinic", clinic_id, "encounter", encounter_id)
