"""The requester and the member: the parts that a 270 and a 278 share."""

from eligibility.domain.directory import BillingEntity
from eligibility.domain.encounter import Coverage, EncounterRecord, Subscriber
from eligibility.messages.effects import Member, Requester


def requester_of(payee: BillingEntity) -> Requester:
    """Return who asks, as X12 names it."""
    return Requester(
        name=payee.name, npi=payee.npi, tin=payee.tin, taxonomy=payee.taxonomy or "", address=payee.address
    )


def member_of(record: EncounterRecord, coverage: Coverage, subscriber: Subscriber) -> Member:
    """Return about whom is asked: the subscriber, and the patient where another."""
    return Member(
        subscriber=subscriber.person,
        member_id=subscriber.member_id,
        group_number=subscriber.group_number,
        relationship=coverage.relationship,
        patient=None if coverage.relationship == "18" else record.identity.patient,
    )
