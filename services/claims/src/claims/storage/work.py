"""What a handler of claims may touch: one store per aggregate, and the ledgers as rows."""

from operator import attrgetter

from claims.domain.batches import Batch, Submission
from claims.domain.claims import Claim
from claims.domain.directory import BillingEntity, Clinic, Payer, Provider
from claims.domain.edits.context import PreventionRule
from claims.domain.policy import BillingPolicy
from claims.domain.remittance import Deposit, Remittance, SetAside
from claims.storage import tables
from claims.storage.records import (
    AddressRow,
    BillingPrices,
    EncounterFile,
    Interchange,
    LedgerRow,
    PayerEnrollments,
)
from revcycle_kit.delivery.stores import Documents, References, Rows
from revcycle_kit.delivery.work import Work


class ClaimsWork(Work):
    """What a handler of claims may touch."""

    encounters = Documents(EncounterFile, tables.encounter_table, key=attrgetter("encounter_id"))
    claims = Documents(Claim, tables.claim_table, key=attrgetter("claim_id"))
    ledger = Rows(LedgerRow, tables.ledger_table, key=attrgetter("entry_id"))
    cash = Rows(LedgerRow, tables.cash_table, key=attrgetter("entry_id"))
    addresses = Rows(AddressRow, tables.address_table, key=attrgetter("address_id"))
    submissions = Documents(Submission, tables.submission_table, key=attrgetter("submission_id"))
    batches = Documents(Batch, tables.batch_table, key=attrgetter("batch_id"))
    remittances = Documents(Remittance, tables.remittance_table, key=attrgetter("remittance_id"))
    deposits = Documents(Deposit, tables.deposit_table, key=attrgetter("deposit_id"))
    set_aside = Documents(SetAside, tables.set_aside_table, key=attrgetter("item_id"))
    interchanges = Documents(Interchange, tables.interchange_table, key=attrgetter("file_id"))
    clinics = References(Clinic, tables.clinic_table, key=attrgetter("clinic_id"))
    payees = References(BillingEntity, tables.payee_table, key=attrgetter("billing_entity_id"))
    providers = References(Provider, tables.provider_table, key=attrgetter("provider_id"))
    payers = References(Payer, tables.payer_table, key=attrgetter("payer_id"))
    enrollments = References(PayerEnrollments, tables.enrollment_table, key=attrgetter("enrollments_id"))
    prices = References(BillingPrices, tables.price_table, key=attrgetter("billing_entity_id"))
    policies = References(BillingPolicy, tables.policy_table, key=attrgetter("clinic_id"))
    prevention = References(PreventionRule, tables.prevention_table, key=attrgetter("rule_id"))
