"""Transfers: what claims moves to the patient and back, and whether insurance is open on it."""

from datetime import date
from uuid import UUID

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.balance import EncounterBalance, Transfer
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.settlement import settle
from revcycle_kit.values import replace


def take_transfer(account: PatientAccount, transfer: Transfer, moment: Moment) -> Decision:
    """Take over what claims moved to or from the patient; waiting payments are applied at once."""
    balance = account.balance(transfer.encounter_id) or EncounterBalance(
        transfer.encounter_id, transfer.clinic_id, transfer.service_on
    )
    opened = replace(account.with_balance(balance.with_transfer(transfer)), settled=False)
    return settle(opened, moment)


def expect_encounter(account: PatientAccount, encounter_id: UUID, clinic_id: UUID, service_on: date) -> PatientAccount:
    """Make room for an encounter before claims moves any money, so that a prepayment has a home."""
    if account.balance(encounter_id) is not None:
        return account
    return account.with_balance(EncounterBalance(encounter_id, clinic_id, service_on))


def change_insurance(account: PatientAccount, encounter_id: UUID, moment: Moment, *, insurance_open: bool) -> Decision:
    """Hold what was paid for an encounter while insurance is open on it; once it is closed, let it rest and go on."""
    balance = account.balance(encounter_id)
    if balance is None or balance.insurance_open == insurance_open:
        return Decision(account)
    return settle(account.with_balance(replace(balance, insurance_open=insurance_open)), moment)
