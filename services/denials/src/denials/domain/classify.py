"""How one refusal becomes a Denial: its root cause, the remedy by this payer's method, the last day, its worth."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from denials.domain.appeal_levels import APPEALS
from denials.domain.claim import Acceptance, Adjudication, BilledClaim
from denials.domain.deadlines import Deadline, appeal_deadline, correction_deadline, house_deadline
from denials.domain.denial import Denial
from denials.domain.directory import PayerTerms
from denials.domain.policy import CORRECTIONS, Method, Policy, Rule, correction_method
from denials.domain.policy_table import POLICY
from denials.domain.recovery import expected_recovery
from denials.domain.refusals import RefusedAmount, question_of
from revcycle_kit.values import Value, replace


class Circumstances(Value, kw_only=True):
    """What triage needs beside the decision: the claim as billed, the payer's terms, proof, the day."""

    claim: BilledClaim | None
    terms: PayerTerms
    proof: Acceptance | None
    """The payer's own acceptance in time."""
    opened_on: date


def open_denial(
    refusal: RefusedAmount,
    adjudication: Adjudication,
    circumstances: Circumstances,
    denial_id: UUID,
    policy: Policy = POLICY,
) -> Denial:
    """Classify one refusal: root cause, remedy by this payer's method, last day, expected recovery."""
    question = question_of(
        refusal.group, refusal.carc, refusal.remarks, adjudication, proof=circumstances.proof is not None
    )
    rule = policy.rule(question)
    worth = expected_recovery(refusal.amount_cents, refusal.expected_allowed_cents, rule.recoverability_bp)
    method, deadline = _method_and_deadline(rule, refusal, adjudication, circumstances)
    return replace(
        _unclassified(refusal, adjudication, circumstances, denial_id),
        category=rule.category,
        preventable_at=rule.stage,
        method=method,
        appealable=rule.appealable,
        patient_liable=rule.patient,
        why=rule.why,
        act_by=deadline.act_by,
        deadline_basis=deadline.basis,
        expected_recovery_cents=worth,
    )


def _unclassified(
    refusal: RefusedAmount, adjudication: Adjudication, circumstances: Circumstances, denial_id: UUID
) -> Denial:
    """Take down what the payer said; what it means comes after."""
    return Denial(
        denial_id=denial_id,
        encounter_id=adjudication.encounter_id,
        claim_id=adjudication.claim_id,
        adjudication=adjudication.number,
        line_number=refusal.line_number,
        line_id=_service(refusal, circumstances.claim),
        code=refusal.code,
        payer_id=adjudication.payer_id,
        payer_kind=adjudication.payer_kind,
        contracted=adjudication.contracted,
        claim_kind=adjudication.kind,
        rank=adjudication.rank,
        payer_claim_control_number=adjudication.payer_claim_control_number,
        group=refusal.group,
        carc=refusal.carc,
        remarks=refusal.remarks,
        amount_cents=refusal.amount_cents,
        expected_allowed_cents=refusal.expected_allowed_cents,
        paid_before_cents=refusal.paid_cents,
        service_on=adjudication.service_on,
        decided_on=adjudication.decided_on,
        opened_on=circumstances.opened_on,
        act_by=circumstances.opened_on,
    )


def _service(refusal: RefusedAmount, claim: BilledClaim | None) -> UUID | None:
    billed = claim.line(refusal.line_number) if claim else None
    return billed.line_id if billed else None


def _method_and_deadline(
    rule: Rule, refusal: RefusedAmount, adjudication: Adjudication, circumstances: Circumstances
) -> tuple[Method, Deadline]:
    """Choose the remedy that is still open: a correction that comes too late becomes an appeal, or a write-off."""
    method = _method(rule, refusal, adjudication)
    deadline = _deadline(method, adjudication, circumstances)
    if method in CORRECTIONS and deadline.act_by < circumstances.opened_on:
        method = "appeal" if rule.appealable else "write_off"
        deadline = _deadline(method, adjudication, circumstances)
    return method, deadline


def _method(rule: Rule, refusal: RefusedAmount, adjudication: Adjudication) -> Method:
    if rule.remedy == "correct":
        return correction_method(adjudication.payer_kind, adjudication.kind)
    if rule.remedy == "bill_patient" and refusal.group != "PR":
        return "appeal" if rule.appealable else "write_off"
    return "appeal" if rule.remedy == "none" else rule.remedy


def _deadline(method: Method, adjudication: Adjudication, circumstances: Circumstances) -> Deadline:
    if method == "appeal":
        level = APPEALS.level(
            1, payer_kind=adjudication.payer_kind, contracted=adjudication.contracted, on=adjudication.decided_on
        )
        if level is not None:
            return appeal_deadline(level, adjudication.decided_on, circumstances.terms.appeal_days)
    if method in CORRECTIONS:
        return correction_deadline(
            method,
            payer_kind=adjudication.payer_kind,
            decided_on=adjudication.decided_on,
            service_on=adjudication.service_on,
            timely_filing_by=circumstances.claim.timely_filing_by if circumstances.claim else None,
            contract_days=circumstances.terms.appeal_days,
        )
    return house_deadline(circumstances.opened_on)


def timely_proof(payer_id: UUID, claims: Collection[BilledClaim]) -> Acceptance | None:
    """
    Return the payer's own acceptance of a claim of this encounter that came in time, or None.

    Only the payer's own 277CA acceptance counts; what a clearinghouse received, or the payer rejected, proves nothing.
    """
    proofs = [
        claim.acceptance
        for claim in claims
        if claim.acceptance is not None
        and claim.payer_id == payer_id
        and claim.timely_filing_by is not None
        and claim.acceptance.accepted_on <= claim.timely_filing_by
    ]
    return min(proofs, key=lambda proof: proof.accepted_on, default=None)
