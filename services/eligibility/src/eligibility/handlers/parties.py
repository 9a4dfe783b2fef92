"""Who asks a payer, and about whom: the parts that a 270 and a 278 share."""

from eligibility.domain.directory import BillingEntity
from eligibility.domain.encounter import Coverage, Subscriber
from eligibility.domain.registration import Chart
from eligibility.messages.effects import MemberAsked, PayeeAsking


def payee_asking(payee: BillingEntity) -> PayeeAsking:
    """Return who asks, as X12 names it."""
    return PayeeAsking(
        name=payee.name, npi=payee.npi, tin=payee.tin, taxonomy=payee.taxonomy or "", address=payee.address
    )


def member_asked(chart: Chart, coverage: Coverage, subscriber: Subscriber) -> MemberAsked:
    """Return about whom is asked: the subscriber, and the patient where another."""
    return MemberAsked(
        subscriber=subscriber.person,
        member_id=subscriber.member_id,
        group_number=subscriber.group_number,
        relationship=coverage.relationship,
        patient=None if coverage.relationship == "18" else chart.identity.patient,
    )
