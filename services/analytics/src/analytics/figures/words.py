"""
The story in business words: one sentence for each kind of event, filled from what it told.

The sentences are a table; a name in braces is a field of the event, amounts in dollars. What the table does not know
is told by its name, so a new event is never a hole in the story.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from analytics.figures.detail import Detail, Entry
from revcycle_kit.money import Cents, format_dollars

_SENTENCES: Final[dict[str, str]] = {
    "eligibility.clinic_updated": "The clinic {name} was entered or changed.",
    "eligibility.billing_entity_updated": "The payee {name} was entered or changed.",
    "eligibility.provider_updated": "A clinician was entered or changed.",
    "eligibility.payer_updated": "The payer {name} was entered or changed.",
    "eligibility.enrollment_changed": "Enrollment for {transaction} changed, from {effective_on}.",
    "eligibility.encounter_registered": "The visit of {service_on} ({visit_class}) was registered from {source}.",
    "eligibility.encounter_updated": "The registration changed: {changed}.",
    "eligibility.encounter_finished": "The visit ended.",
    "eligibility.encounter_cancelled": "The visit did not take place: {reason}.",
    "eligibility.patients_merged": "Two patient records were found to be one person.",
    "eligibility.coverage_order_decided": "The order of the payers was decided by {rule}: {reason}.",
    "eligibility.coverage_verified": "{payer} confirmed that the coverage was active.",
    "eligibility.coverage_refused": "{payer} did not confirm the coverage: {cause}.",
    "eligibility.authorization_requested": "{payer} was asked for an authorization.",
    "eligibility.authorization_decided": "{payer} answered the request for authorization: {outcome}.",
    "eligibility.estimate_prepared": "An estimate was prepared: {charge_cents}, the patient pays {patient_cents}.",
    "eligibility.notice_signed": "The patient signed a notice: {kind}.",
    "eligibility.self_pay_elected": "The patient pays cash and forbids disclosure to the plan.",
    "eligibility.charges_received": "The EHR handed over {charges} services.",
    "eligibility.effect_given_up": "A question did not reach the payer, and is not sent again by itself: {reason}.",
    "claims.charges_posted": "Services for {charged_cents} were charged{late}.",
    "claims.charges_reversed": "Charges of {charged_cents} were taken back.",
    "claims.coding_needed": "The encounter waits for a coder: {missing}.",
    "claims.coding_completed": "Coding is complete.",
    "claims.claim_held": "The claim was held for {owner}: {findings}.",
    "claims.claim_submitted": "A claim for {charge_cents} went to {payer} (rank {rank}, {frequency}).",
    "claims.effect_given_up": "What carries the claim, or asks about it, is not sent again by itself: {reason}.",
    "claims.claim_acknowledged": "The claim was {outcome} at the level {level}.",
    "claims.claim_rejected": "The claim was rejected at the level {level}: {message}. To do: {fix}.",
    "claims.claim_silent": "Nobody answered the claim; waiting for {waiting_for}. Next: {next_step}.",
    "claims.claim_status_reported": "The payer reported the claim's status: {codes}.",
    "claims.correction_declined": "A correction was not carried out: {reason}. To do: {fix}.",
    "claims.information_requested": "The payer asked for records by {due_by}.",
    "claims.claim_adjudicated": "{payer} {decided}: paid {paid_cents}, contractual {contractual_cents},"
    " patient {patient_responsibility_cents}, refused {denied_cents}{refusals}.",
    "claims.remittance_received": "A remittance of {paid_cents} for {claims} claims arrived from {payer}.",
    "claims.remittance_posted": "The remittance was posted: {posted_claims} claims, {applied_cents} applied,"
    " {unapplied_cents} unapplied.",
    "claims.remittance_quarantined": "A {scope} of the remittance does not balance; {amount_cents} set aside."
    " To do: {fix}.",
    "claims.deposit_matched": "The bank received {amount_cents}.",
    "claims.underpayment_found": "The payer allowed {allowed_cents} where the contract says {expected_cents}.",
    "claims.credit_balance_found": "A credit balance of {amount_cents} of the {party} was found.",
    "claims.patient_balance_due": "{amount_cents} became due from the patient: {cause}.",
    "claims.patient_balance_withdrawn": "{amount_cents} is no longer due from the patient: {reason}.",
    "claims.insurance_written_off": "{write_off_cents} was written off ({write_off_class}), and {adjustment_cents}"
    " adjusted.",
    "claims.ledger_posted": "The insurance ledger posted: {entries}.",
    "claims.cash_posted": "The cash ledger posted: {entries}.",
    "claims.period_closed": "The insurance ledger of {period} was closed.",
    "denials.effect_given_up": "A letter did not reach the payer, and is not sent again by itself: {reason}.",
    "denials.denial_opened": "A denial of {amount_cents} was opened ({group}-{carc}, {category}): {method}, act by"
    " {act_by}.",
    "denials.correction_requested": "A correction of the claim was requested: {method}.",
    "denials.appeal_filed": "Appeal level {level} was filed; a decision is due by {decision_due_by}.",
    "denials.appeal_decided": "The appeal was {outcome}; {expected_cents} is expected.",
    "denials.write_off_approved": "Giving up {write_off_cents} ({write_off_class}) was approved by tier {tier}.",
    "denials.denial_resolved": "The denial ended: {outcome}, {recovered_cents} recovered.",
    "denials.prevention_rule_proposed": "A rule against CARC {carc} was proposed.",
    "denials.prevention_rule_activated": "A rule against CARC {carc} was activated.",
    "denials.prevention_rule_retired": "A rule against CARC {carc} was retired.",
    "patient_billing.effect_given_up": "A letter did not leave, and is not sent again by itself: {reason}.",
    "patient_billing.statement_issued": "A statement over {balance_cents} was issued, due by {due_by}.",
    "patient_billing.patient_payment_received": "{amount_cents} came in from the guarantor ({method}, {purpose}).",
    "patient_billing.payment_returned": "A payment of {amount_cents} bounced.",
    "patient_billing.payment_plan_started": "The guarantor pays in {installments_cents} installments.",
    "patient_billing.payment_plan_missed": "An installment of {amount_cents} due on {due_on} was missed.",
    "patient_billing.payment_plan_completed": "All installments are paid.",
    "patient_billing.reminder_sent": "The guarantor was reminded by {channel}.",
    "patient_billing.account_held": "The account's hold changed: {reason}.",
    "patient_billing.dispute_opened": "The guarantor disputes {amount_cents}.",
    "patient_billing.dispute_resolved": "The dispute was {outcome}; {adjusted_cents} adjusted.",
    "patient_billing.assistance_decided": "Financial assistance was decided.",
    "patient_billing.account_placed_with_agency": "{amount_cents} was placed with an agency ({kind}).",
    "patient_billing.account_settled": "Nothing is open on the account any more.",
    "patient_billing.patient_payment_applied": "{amount_cents} of the patient's money was applied.",
    "patient_billing.insurance_presented": "The patient showed another insurance.",
    "patient_billing.refund_issued": "{amount_cents} was refunded to the guarantor.",
    "patient_billing.patient_written_off": "{amount_cents} of the patient's balance was given up ({write_off_class}).",
    "patient_billing.recovery_received": "An agency collected {amount_cents} and kept {fee_cents}.",
    "patient_billing.ledger_posted": "The patient ledger posted: {entries}.",
    "patient_billing.period_closed": "The patient ledger of {period} was closed.",
}
_FREQUENCIES: Final = {"1": "original", "7": "replacement", "8": "void"}


def words_of(event_type: str, detail: Detail, names: Mapping[UUID, str]) -> str:
    """Tell an event in one sentence; `names` says how payers are called."""
    kind = event_type.rpartition(".v")[0] or event_type
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        source, _, name = kind.partition(".")
        return f"{source.replace('_', ' ')} said: {name.replace('_', ' ')}."
    return sentence.format_map(_Filled(detail, names))


class _Filled(dict[str, str]):
    """The fields of an event, as they are written into a sentence."""

    def __init__(self, detail: Detail, names: Mapping[UUID, str]) -> None:
        super().__init__()
        self._detail = detail
        self._names = names

    def __missing__(self, field: str) -> str:
        special = _SPECIAL.get(field)
        if special is not None:
            return special(self._detail)
        if field == "payer":
            payer_id = self._detail.payer_id
            return self._names.get(payer_id, "The payer") if payer_id else "The payer"
        return _written(field, getattr(self._detail, field))


def _written(field: str, value: object) -> str:
    if value is None or value == "":
        return "?"
    if isinstance(value, date):
        return value.isoformat()
    if field.endswith("_cents") and isinstance(value, int):
        return format_dollars(Cents(value))
    if isinstance(value, tuple):
        return ", ".join(str(name) for name in value) or "nothing named"
    return str(value).replace("_", " ")


def _late(detail: Detail) -> str:
    return ", after the claim had been billed" if detail.late else ""


def _count_of_charges(detail: Detail) -> str:
    return str(len(detail.charges))


def _installments(detail: Detail) -> str:
    return str(len(detail.installments_cents))


def _missing(detail: Detail) -> str:
    missing = detail.missing if isinstance(detail.missing, list) else []
    gaps = (f"{gap.get('what')} ({gap.get('fix')})" for gap in missing if isinstance(gap, dict))
    return "; ".join(gaps) or "something is missing"


def _findings(detail: Detail) -> str:
    return "; ".join(finding.fix or finding.rule for finding in detail.findings) or "its edits"


def _frequency(detail: Detail) -> str:
    return _FREQUENCIES.get(detail.frequency, f"frequency {detail.frequency or '?'}")


def _codes(detail: Detail) -> str:
    codes = detail.codes if isinstance(detail.codes, list) else []
    return ", ".join(_code(code) for code in codes) or "no code"


def _code(code: object) -> str:
    if isinstance(code, dict):
        return ":".join(str(part) for part in (code.get("category"), code.get("status")) if part)
    return str(code)


def _refusals(detail: Detail) -> str:
    adjustments = (*detail.claim_adjustments, *(adjustment for line in detail.lines for adjustment in line.adjustments))
    refused = [
        f"{adjustment.group}-{adjustment.carc}"
        for adjustment in adjustments
        if adjustment.meaning in {"denial", "information"}
    ]
    return f" ({', '.join(dict.fromkeys(refused))})" if refused else ""


def _decided(detail: Detail) -> str:
    return "took a decision back" if detail.reversal else "decided"


def _entries(detail: Detail) -> str:
    return "; ".join(_moves(detail.entries))


def _moves(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        yield f"{format_dollars(Cents(entry.amount_cents))} {entry.debit} from {entry.credit}"


_SPECIAL: Final = {
    "late": _late,
    "charges": _count_of_charges,
    "installments_cents": _installments,
    "missing": _missing,
    "findings": _findings,
    "frequency": _frequency,
    "codes": _codes,
    "refusals": _refusals,
    "decided": _decided,
    "entries": _entries,
}
