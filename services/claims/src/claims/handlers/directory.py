"""Who is who, as the directory says."""

from claims import consumed
from claims.domain.directory import BillingEntity, Clinic, Enrollment, Payer, Provider
from claims.domain.edits import context
from claims.domain.policy import BillingPolicy
from claims.messages import LoadPrices, SetPolicy
from claims.storage import BillingPrices, ClaimsWork, PayerEnrollments, enrollments_id
from revcycle_kit.events import build


async def learn_clinic(event: consumed.ClinicUpdated, work: ClaimsWork) -> None:
    """Know a clinic as it is now."""
    work.clinics.put(build(Clinic, event))


async def learn_billing_entity(event: consumed.BillingEntityUpdated, work: ClaimsWork) -> None:
    """Know a payee as it is now."""
    work.payees.put(build(BillingEntity, event, tin=event.tin.replace("-", "")))


async def learn_provider(event: consumed.ProviderUpdated, work: ClaimsWork) -> None:
    """Know a clinician as he or she is now."""
    work.providers.put(build(Provider, event))


async def learn_payer(event: consumed.PayerUpdated, work: ClaimsWork) -> None:
    """Know a payer as it is now."""
    work.payers.put(build(Payer, event))


async def learn_enrollment(event: consumed.EnrollmentChanged, work: ClaimsWork) -> None:
    """Know who may bill which payer, since when."""
    known = work.enrollments.find(enrollments_id(event.payer_id, event.billing_entity_id)) or PayerEnrollments(
        payer_id=event.payer_id,
        billing_entity_id=event.billing_entity_id,
        organization_id=event.organization_id,
    )
    work.enrollments.put(known.with_row(build(Enrollment, event)))


async def hold_by_rule(event: consumed.PreventionRuleActivated, work: ClaimsWork) -> None:
    """Hold claims by a rule that denials proposed and somebody activated."""
    work.prevention.put(_rule(event, work, active=True))


async def retire_rule(event: consumed.PreventionRuleRetired, work: ClaimsWork) -> None:
    """Hold no claims by this rule any more."""
    work.prevention.put(_rule(event, work, active=False))


async def set_policy(command: SetPolicy, work: ClaimsWork) -> None:
    """Set a clinic's billing days."""
    work.policies.put(
        BillingPolicy(
            clinic_id=command.clinic_id,
            organization_id=work.stream.tenant_id,
            bill_hold_days=command.bill_hold_days,
        )
    )


async def load_prices(command: LoadPrices, work: ClaimsWork) -> None:
    """Add rows to the chargemaster and the contracts of a payee; a row with the same start is replaced."""
    known = work.prices.find(command.billing_entity_id) or BillingPrices(
        billing_entity_id=command.billing_entity_id, organization_id=work.stream.tenant_id
    )
    merged = known.prices.with_prices(command.prices).with_rates(command.rates)
    work.prices.put(
        BillingPrices(billing_entity_id=command.billing_entity_id, organization_id=known.organization_id, prices=merged)
    )


def _rule(event: consumed.PreventionRuleTold, work: ClaimsWork, *, active: bool) -> context.PreventionRule:
    return context.PreventionRule(
        rule_id=event.rule_id,
        organization_id=work.stream.tenant_id,
        payer_id=event.payer_id,
        codes=event.codes,
        carc=event.carc,
        fix=event.fix,
        active=active,
    )
