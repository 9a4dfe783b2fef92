"""The coverages of an encounter: read from what a message says, and put in the order in which payers are asked."""

from datetime import date
from uuid import UUID

from eligibility.domain.directory import Payer
from eligibility.domain.encounter import Coverage, Identity, Subscriber
from eligibility.domain.facts import CoverageSent
from eligibility.domain.people import Person
from eligibility.domain.primacy import Contender, CoverageOrder, decide_order
from eligibility.domain.primacy import Patient as PrimacyPatient
from revcycle_kit.ids import derived_id
from revcycle_kit.values import replace


def coverages_from(
    encounter_id: UUID, sent: tuple[tuple[CoverageSent, Payer], ...], patient: Person, identity: Identity | None
) -> tuple[tuple[Coverage, ...], tuple[Subscriber, ...]]:
    """
    Turn the insurances of a message into coverages and their subscribers, in the sender's order.

    A member number learned from the payer stays where the message has none.
    """
    coverages: list[Coverage] = []
    subscribers: list[Subscriber] = []
    for rank, (insurance, payer) in enumerate(sent, start=1):
        ordinal = sum(1 for coverage in coverages if coverage.payer_id == payer.payer_id)
        identifier = derived_id("coverage", str(encounter_id), str(payer.payer_id), str(ordinal))
        subscriber = identity.subscriber_of(identifier) if identity else None
        coverages.append(
            Coverage(
                coverage_id=identifier,
                payer_id=payer.payer_id,
                kind=payer.kind,
                rank=rank,
                relationship=insurance.relationship,
                begins_on=insurance.begins_on,
                ends_on=insurance.ends_on,
                sent_order=insurance.order,
            )
        )
        subscribers.append(
            Subscriber(
                coverage_id=identifier,
                person=insurance.subscriber or patient,
                member_id=insurance.member_id or (subscriber.member_id if subscriber else ""),
                group_number=insurance.group_number or (subscriber.group_number if subscriber else ""),
            )
        )
    return tuple(coverages), tuple(subscribers)


def in_order(
    coverages: tuple[Coverage, ...], identity: Identity, service_on: date
) -> tuple[tuple[Coverage, ...], CoverageOrder]:
    """Put the coverages in the order in which payers are asked, with the rule that decided."""
    contenders = [
        Contender(
            coverage_id=coverage.coverage_id,
            kind=coverage.kind,
            relationship=coverage.relationship,
            subscriber_birth_on=_birth_of(identity, coverage.coverage_id),
            begins_on=coverage.begins_on,
            sent_order=coverage.sent_order,
        )
        for coverage in coverages
    ]
    order = decide_order(contenders, PrimacyPatient(birth_on=identity.patient.birth_on, service_on=service_on))
    by_id = {coverage.coverage_id: coverage for coverage in coverages}
    ranked = tuple(replace(by_id[identifier], rank=rank) for rank, identifier in enumerate(order.coverage_ids, start=1))
    return ranked, order


def _birth_of(identity: Identity, coverage_id: UUID) -> date | None:
    subscriber = identity.subscriber_of(coverage_id)
    return subscriber.person.birth_on if subscriber else None
