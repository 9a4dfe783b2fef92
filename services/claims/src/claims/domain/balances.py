"""Who owes what is left: the ledger brought to where the decisions say it should stand, and what that announces."""

from claims.domain.case import EncounterCase
from claims.domain.facts import CreditBalanceFound, InsuranceWrittenOff, PatientBalanceDue, PatientBalanceWithdrawn
from claims.domain.settlement import Settlement, positions, settle
from revcycle_kit.money import Cents
from revcycle_kit.values import replace

DECISIONS_CHANGED = "the payers' decisions changed"


def settle_case(case: EncounterCase, reason: str = DECISIONS_CHANGED) -> EncounterCase:
    """Move to (or, for this reason, back from) the patient what the decisions ask for, and post what else follows."""
    payers = {
        payer.payer_id: payer
        for claim in case.claims.values()
        if (payer := case.context.payer(claim.payer_id)) is not None
    }
    settlement = settle(case.encounter, case.claims.values(), payers, case.today)
    case = replace(case, encounter=settlement.encounter).post(settlement.entries)
    case = _move(case, settlement.patient_delta_cents, reason)
    if settlement.credit_found_cents:
        case = case.announce(CreditBalanceFound(cents=settlement.credit_found_cents))
    return case.announce(*_written_off(settlement))


def _move(case: EncounterCase, cents: Cents, reason: str) -> EncounterCase:
    encounter = case.encounter
    if cents > 0:
        places = positions(encounter, case.claims.values())
        return case.announce(PatientBalanceDue(encounter=encounter, cents=cents, positions=places))
    if cents < 0:
        return case.announce(PatientBalanceWithdrawn(encounter=encounter, cents=Cents(-cents), reason=reason))
    return case


def _written_off(settlement: Settlement) -> list[InsuranceWrittenOff]:
    return [
        InsuranceWrittenOff(write_off=write_off, lost_cents=lost, adjusted_cents=adjusted)
        for write_off, lost, adjusted in settlement.written_off
    ]
