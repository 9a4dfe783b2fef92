"""What a FHIR document means: registrations, discharges, cancellations and charges, encounter by encounter."""

from collections import Counter, defaultdict
from datetime import date

from eligibility.domain.facts import (
    Appointment,
    Cancellation,
    CancelReason,
    Charges,
    ChargeSent,
    CoverageSent,
    DiagnosisSent,
    Discharge,
    EncounterSent,
    Fact,
    Gap,
    GuarantorSent,
    Origin,
    PatientSent,
    Reading,
    Refusal,
    Registration,
    VisitClass,
)
from eligibility.fhir import Document, Index
from eligibility.fhir.elements import Reference
from eligibility.fhir.resources import (
    Account,
    ChargeItem,
    Claim,
    ClaimResponse,
    Condition,
    Coverage,
    Encounter,
    ExplanationOfBenefit,
    Patient,
    Procedure,
    RelatedPerson,
    Resource,
)
from eligibility.intake import fhir_charges, fhir_coverage, fhir_encounter
from eligibility.intake.dates import fhir_date
from eligibility.intake.fhir_people import guarantor, read_patient
from eligibility.intake.scope import Scope

_PLANNED = {"planned", "booked", "pending", "proposed"}
_PHARMACY = "pharmacy"
_FIXES = {
    "patient": "Send the Patient in the same bundle.",
    "encounter": "Send the Encounter, or name it in Claim.item.encounter.",
}


def read_fhir(document: Document, scope: Scope) -> Reading:
    """Read one document; whatever it holds, the answer is a Reading."""
    reader = _Reader(Index(document.entries), scope)
    reader.read()
    refusals = [Refusal(problem=refusal.problem, where=refusal.where, fix=refusal.fix) for refusal in document.refusals]
    if not (reader.facts or reader.missing or refusals):
        refusals.append(_nothing(document))
    return Reading(
        origin=Origin(format="fhir", application=scope.source, facility=scope.source, type=document.kind),
        facts=tuple(reader.facts),
        gaps=tuple(reader.gaps()),
        refusals=tuple(refusals),
        notes=tuple(f"{count} × {what}" for what, count in sorted(reader.notes.items())),
    )


def _nothing(document: Document) -> Refusal:
    kinds = {entry.resource.resource_type for entry in document.entries} | set(document.unused)
    if kinds & {"ExplanationOfBenefit", "ClaimResponse"}:
        problem = "a payer's answer reports what was decided; it registers and charges nothing"
        fix = "Post payments from the payer's 835; send Patient, Encounter and Claim for what is to be billed."
    elif "Claim" in kinds:
        problem = "the document holds no claim for services rendered"
        fix = "Send Claims with use 'claim'; authorizations are requested by this system."
    else:
        named = ", ".join(sorted(kind for kind in kinds if kind.isalpha())[:5]) or "no resource"
        problem, fix = f"the document holds nothing to register or bill ({named})", "Send Patient and Encounter."
    return Refusal(problem=problem, where="the document", fix=fix)


class _Reader:
    """One pass over one document."""

    def __init__(self, index: Index, scope: Scope) -> None:
        self._index = index
        self._scope = scope
        self._patients: dict[int, PatientSent] = {}
        self._claims: defaultdict[int, list[Claim]] = defaultdict(list)
        self._loose: list[Claim] = []
        self._items = self._by_encounter(index.of(ChargeItem))
        self._procedures = self._by_encounter(index.of(Procedure))
        self._conditions = self._by_encounter(index.of(Condition))
        self._answers: defaultdict[int, list[ExplanationOfBenefit]] = defaultdict(list)
        self.facts: list[Fact] = []
        self.missing: Counter[tuple[str, str]] = Counter()
        self.notes: Counter[str] = Counter()
        self._line_gaps: dict[str, Gap] = {}

    def gaps(self) -> list[Gap]:
        """Return what is missing, each kind once, with its count."""
        counted = [
            Gap(what=what, where=f"{kind} ({count} of them)", fix=_FIXES[what])
            for (what, kind), count in sorted(self.missing.items())
        ]
        return [*counted, *self._line_gaps.values()]

    def read(self) -> None:
        self._sort_claims()
        spoken_of = {self._encounter(resource) for resource in self._index.of(Encounter)}
        spoken_of |= {self._loose_claim(claim) for claim in self._loose}
        for person in self._index.of(Patient):
            patient = self._patient(person)
            if patient.patient_id not in spoken_of:
                self.facts.append(Registration(patient=patient, coverages=self._own(person), opens=False))
                self.notes["patient registered; no encounter, nothing to bill"] += 1
        orphans: list[ChargeItem | Coverage] = [*self._index.of(ChargeItem), *self._index.of(Coverage)]
        for resource in orphans:
            self._orphan(resource)

    def _orphan(self, resource: ChargeItem | Coverage) -> None:
        reference = resource.subject if isinstance(resource, ChargeItem) else resource.beneficiary
        if self._index.find(reference, Patient, resource) is None:
            self.missing["patient", resource.resource_type] += 1
        elif isinstance(resource, ChargeItem) and self._encounter_of(resource) is None:
            self.missing["encounter", resource.resource_type] += 1

    # which resource belongs to which encounter

    def _sort_claims(self) -> None:
        for claim in self._index.of(Claim):
            if claim.use not in {"claim", None} or claim.status in {"cancelled", "entered-in-error", "draft"}:
                self.notes["Claim that is no charge (authorization, draft or cancelled)"] += 1
            elif claim.type and any(coding.code == _PHARMACY for coding in claim.type.coding):
                self.notes["pharmacy Claim: billed by the pharmacy"] += 1
            else:
                self._place(claim)
        for answer in self._index.of(ExplanationOfBenefit):
            claim_found = self._index.find(answer.claim, Claim, answer)
            if claim_found is not None:
                self._answers[id(claim_found)].append(answer)
            else:
                self.notes["ExplanationOfBenefit without its Claim: a payer's answer, nothing to bill"] += 1
        if responses := len(self._index.of(ClaimResponse)):
            self.notes["ClaimResponse: a payer's answer, nothing to bill"] += responses

    def _place(self, claim: Claim) -> None:
        references = [reference for item in claim.item for reference in item.encounter]
        encounters = [self._index.find(reference, Encounter, claim) for reference in references]
        encounter = next((candidate for candidate in encounters if candidate), None) or self._same_day(claim)
        if encounter is not None:
            self._claims[id(encounter)].append(claim)
        else:
            self._loose.append(claim)

    def _same_day(self, claim: Claim) -> Encounter | None:
        day = self._billed_on(claim)
        patient = self._index.find(claim.patient, Patient, claim)
        if day is None or patient is None:
            return None
        that_day = [
            encounter
            for encounter in self._index.of(Encounter)
            if encounter.period
            and fhir_date(encounter.period.start, self._scope.time_zone) == day
            and self._index.find(encounter.subject, Patient, encounter) is patient
        ]
        return that_day[0] if len(that_day) == 1 else None

    def _billed_on(self, claim: Claim) -> date | None:
        start = claim.billable_period.start if claim.billable_period else None
        days = [start, *(item.serviced_date for item in claim.item)]
        days += [item.serviced_period.start for item in claim.item if item.serviced_period]
        read = [fhir_date(day, self._scope.time_zone) for day in [*days, claim.created]]
        return next((day for day in read if day), None)

    def _by_encounter(
        self, resources: list[ChargeItem] | list[Procedure] | list[Condition]
    ) -> dict[int, list[Resource]]:
        grouped: defaultdict[int, list[Resource]] = defaultdict(list)
        for resource in resources:
            encounter = self._encounter_of(resource)
            if encounter is not None:
                grouped[id(encounter)].append(resource)
        return grouped

    def _encounter_of(self, resource: ChargeItem | Procedure | Condition) -> Encounter | None:
        reference: Reference | None = resource.encounter
        if reference is None and isinstance(resource, ChargeItem):
            reference = resource.context
        return self._index.find(reference, Encounter, resource)

    # facts

    def _patient(self, resource: Patient) -> PatientSent:
        if id(resource) not in self._patients:
            self._patients[id(resource)] = read_patient(resource, self._scope)
        return self._patients[id(resource)]

    def _own(self, resource: Patient) -> tuple[CoverageSent, ...] | None:
        return fhir_coverage.of_patient(self._index, resource, self._scope)

    def _encounter(self, resource: Encounter) -> object:
        person = self._index.find(resource.subject, Patient, resource)
        if person is None:
            self.missing["patient", "Encounter"] += 1
            return None
        patient = self._patient(person)
        sent = fhir_encounter.read_encounter(resource, patient, self._index, self._scope)
        if resource.status in fhir_encounter.CANCELLED:
            reason: CancelReason = "entered_in_error" if resource.status == "entered-in-error" else "cancelled"
            self.facts.append(Cancellation(patient=patient, encounter=sent, of="encounter", reason=reason))
            return patient.patient_id
        registration = self._registration(resource, person, patient, sent)
        self.facts.append(_as_fact(resource, registration))
        self._charges(resource, registration, sent)
        return patient.patient_id

    def _registration(
        self, resource: Encounter, person: Patient, patient: PatientSent, sent: EncounterSent
    ) -> Registration:
        claims = self._claims[id(resource)]
        answers = [answer for claim in claims for answer in self._answers[id(claim)]]
        coverages = fhir_coverage.of_claims([*answers, *claims], self._index, self._scope)
        conditions = [
            condition for condition in self._conditions.get(id(resource), []) if isinstance(condition, Condition)
        ]
        diagnoses = fhir_charges.encounter_diagnoses(resource, self._index, conditions)
        for claim in claims:
            diagnoses += fhir_charges.claim_diagnoses(claim, self._index).values()
        return Registration(
            patient=patient,
            encounter=sent,
            guarantor=self._guarantor(resource, patient),
            coverages=coverages if coverages is not None else self._own(person),
            diagnoses=_once(diagnoses),
        )

    def _guarantor(self, resource: Encounter, patient: PatientSent) -> GuarantorSent | None:
        for reference in resource.account:
            account = self._index.find(reference, Account, resource)
            for entry in account.guarantor if account else ():
                party = self._index.find(entry.party, RelatedPerson, account) or self._index.find(entry.party, Patient)
                if (read := guarantor(party, patient, self._scope)) is not None:
                    return read
        return None

    def _charges(self, resource: Encounter, registration: Registration, sent: EncounterSent) -> None:
        lines: list[ChargeSent] = []
        for claim in self._claims[id(resource)]:
            lines += self._claim_lines(claim)
        for item in self._items.get(id(resource), []):
            lines += self._item_lines(item)
        lines = lines or self._rendered(resource)
        if lines:
            reference = f"{self._scope.source}/{sent.visit_number}/{_delivery(self._claims[id(resource)])}"
            self.facts.append(_charges(registration, sent, lines, reference, complete=resource.status not in _PLANNED))

    def _claim_lines(self, claim: Claim) -> list[ChargeSent]:
        lines, gaps, findings = fhir_charges.claim_lines(claim, self._index, self._scope)
        self._line_gaps.update((gap.where, gap) for gap in gaps)
        if findings:
            self.notes["Claim item that is a finding, kept as diagnosis"] += findings
        return lines

    def _item_lines(self, item: Resource) -> list[ChargeSent]:
        if not isinstance(item, ChargeItem):
            return []
        line = fhir_charges.charge_item(item, self._index, self._scope)
        if isinstance(line, Gap):
            self._line_gaps[line.where] = line
            return []
        return [line] if line else []

    def _rendered(self, resource: Encounter) -> list[ChargeSent]:
        procedures = self._procedures.get(id(resource), [])
        lines_read = [
            fhir_charges.procedure_line(procedure, self._index, self._scope)
            for procedure in procedures
            if isinstance(procedure, Procedure)
        ]
        lines = [line for line in lines_read if line]
        for concept in resource.type:
            code, system = fhir_charges.best_coding(concept)
            if code and (system == "hcpcs" or (lines and system == "snomed")):
                lines.insert(0, ChargeSent(transaction_id=f"visit/{resource.id or ''}", code=code, system=system))
                break
        return lines

    def _loose_claim(self, claim: Claim) -> object:
        person = self._index.find(claim.patient, Patient, claim)
        if person is None:
            self.missing["patient", "Claim"] += 1
            return None
        patient, day = self._patient(person), self._billed_on(claim)
        if day is None:
            self.missing["encounter", "Claim"] += 1
            return patient.patient_id
        sent = self._implied(claim, patient, day)
        coverages = fhir_coverage.of_claims([*self._answers[id(claim)], claim], self._index, self._scope)
        diagnoses = fhir_charges.claim_diagnoses(claim, self._index)
        registration = Registration(
            patient=patient,
            encounter=sent,
            coverages=coverages if coverages is not None else self._own(person),
            diagnoses=_once(list(diagnoses.values())),
        )
        lines = self._claim_lines(claim)
        self.facts.append(Discharge(registration=registration))
        if lines:
            self.facts.append(
                _charges(registration, sent, lines, f"{self._scope.source}/{_delivery([claim])}", complete=True)
            )
        return patient.patient_id

    def _implied(self, claim: Claim, patient: PatientSent, day: date) -> EncounterSent:
        number = next((identifier.value for identifier in claim.identifier if identifier.value), None) or claim.id or ""
        codes = {coding.code for coding in (claim.type.coding if claim.type else ())}
        visit_class: VisitClass = "inpatient" if "inpatient-facility" in codes else "outpatient"
        identifier = (
            self._scope.encounter_id(f"{self._scope.source}/claim", number)
            if number
            else self._scope.unnumbered_encounter_id(patient.patient_id, day.isoformat(), visit_class)
        )
        return EncounterSent(encounter_id=identifier, account_number=number, visit_class=visit_class, service_on=day)


def _as_fact(resource: Encounter, registration: Registration) -> Fact:
    sent = registration.encounter
    if sent and resource.status in fhir_encounter.FINISHED:
        return Discharge(registration=registration, finished_at=sent.discharged_at)
    if sent and resource.status in _PLANNED:
        return Appointment(registration=registration, action="booked", starts_at=sent.admitted_at)
    return registration


def _charges(
    registration: Registration, sent: EncounterSent, lines: list[ChargeSent], reference: str, *, complete: bool
) -> Charges:
    return Charges(
        patient=registration.patient,
        encounter=sent,
        lines=tuple(lines),
        diagnoses=registration.diagnoses,
        complete=complete,
        reference=reference,
    )


def _delivery(claims: list[Claim]) -> str:
    return "+".join(claim.id or "" for claim in claims)


def _once(diagnoses: list[DiagnosisSent]) -> tuple[DiagnosisSent, ...]:
    first_by_code: dict[tuple[str, str], DiagnosisSent] = {}
    for diagnosis in diagnoses:
        first_by_code.setdefault((diagnosis.code, diagnosis.system), diagnosis)
    return tuple(first_by_code.values())
