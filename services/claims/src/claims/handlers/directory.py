"""Who is who, as the directory says."""

from claims import consumed
from claims.domain.directory import BillingEntity, Clinic, Enrollment, Payer, Provider
from claims.domain.edits import dossier
from claims.domain.policy import BillingPolicy
from claims.messages import LoadPrices, SetPolicy
from claims.storage import BillingPrices, ClaimsWork, PayerEnrollments, enrollments_id


async def learn_clinic(told: consumed.ClinicUpdated, work: ClaimsWork) -> None:
    """Know a clinic as it is now."""
    work.clinics.put(
        Clinic(
            clinic_id=told.clinic_id,
            organization_id=told.organization_id,
            name=told.name,
            time_zone=told.time_zone,
            npi=told.npi,
            address=told.address,
            billing_entity_ids=told.billing_entity_ids,
            place_of_service=told.place_of_service,
        )
    )


async def learn_billing_entity(told: consumed.BillingEntityUpdated, work: ClaimsWork) -> None:
    """Know a payee as it is now."""
    work.payees.put(
        BillingEntity(
            billing_entity_id=told.billing_entity_id,
            organization_id=told.organization_id,
            name=told.name,
            tin=told.tin.replace("-", ""),
            npi=told.npi,
            taxonomy=told.taxonomy,
            address=told.address,
            clinic_ids=told.clinic_ids,
            contact_phone=told.contact_phone,
        )
    )


async def learn_provider(told: consumed.ProviderUpdated, work: ClaimsWork) -> None:
    """Know a clinician as he or she is now."""
    work.providers.put(
        Provider(
            provider_id=told.provider_id,
            organization_id=told.organization_id,
            npi=told.npi,
            family=told.family,
            given=told.given,
            taxonomy=told.taxonomy,
        )
    )


async def learn_payer(told: consumed.PayerUpdated, work: ClaimsWork) -> None:
    """Know a payer as it is now."""
    work.payers.put(
        Payer(
            payer_id=told.payer_id,
            organization_id=told.organization_id,
            name=told.name,
            payer_code=told.payer_code,
            kind=told.kind,
            filing_indicator=told.filing_indicator,
            timely_filing_days=told.timely_filing_days,
            secondary_filing_days=told.secondary_filing_days,
            contracted=told.contracted,
            authorization_codes=told.authorization_codes,
        )
    )


async def learn_enrollment(told: consumed.EnrollmentChanged, work: ClaimsWork) -> None:
    """Know who may bill which payer, since when."""
    known = work.enrollments.find(enrollments_id(told.payer_id, told.billing_entity_id)) or PayerEnrollments(
        payer_id=told.payer_id,
        billing_entity_id=told.billing_entity_id,
        organization_id=told.organization_id,
    )
    row = Enrollment(
        payer_id=told.payer_id,
        billing_entity_id=told.billing_entity_id,
        provider_id=told.provider_id,
        transaction=told.transaction,
        effective_on=told.effective_on,
        ends_on=told.ends_on,
    )
    work.enrollments.put(known.with_row(row))


async def hold_by_rule(told: consumed.PreventionRuleActivated, work: ClaimsWork) -> None:
    """Hold claims by a rule that denials proposed and somebody activated."""
    work.prevention.put(_rule(told, work, active=True))


async def retire_rule(told: consumed.PreventionRuleRetired, work: ClaimsWork) -> None:
    """Hold no claims by this rule any more."""
    work.prevention.put(_rule(told, work, active=False))


async def set_policy(asked: SetPolicy, work: ClaimsWork) -> None:
    """Set a clinic's billing days."""
    work.policies.put(
        BillingPolicy(
            clinic_id=asked.clinic_id,
            organization_id=work.stream.tenant_id,
            bill_hold_days=asked.bill_hold_days,
        )
    )


async def load_prices(asked: LoadPrices, work: ClaimsWork) -> None:
    """Add rows to the chargemaster and the contracts of a payee; a row with the same start is replaced."""
    known = work.prices.find(asked.billing_entity_id) or BillingPrices(
        billing_entity_id=asked.billing_entity_id, organization_id=work.stream.tenant_id
    )
    merged = known.prices.with_prices(asked.prices).with_rates(asked.rates)
    work.prices.put(
        BillingPrices(billing_entity_id=asked.billing_entity_id, organization_id=known.organization_id, prices=merged)
    )


def _rule(told: consumed.PreventionRuleTold, work: ClaimsWork, *, active: bool) -> dossier.PreventionRule:
    return dossier.PreventionRule(
        rule_id=told.rule_id,
        organization_id=work.stream.tenant_id,
        payer_id=told.payer_id,
        codes=told.codes,
        carc=told.carc,
        fix=told.fix,
        active=active,
    )
