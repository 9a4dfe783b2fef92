"""
837 out: claims as professional (X222A1) and institutional (X223A2) interchanges.

What the edits passed is written as it stands; what the codec refuses to say comes back with its reason, and the other
claims of the interchange leave without it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from claims.domain.people import Person
from claims.edi.claim_form import SELF, ClaimForm, Sender
from claims.edi.claim_loops import SEQUENCES, Fields, institutional_claim, professional_claim
from claims.edi.text import MEMBER_MAX, address_fields, given_name, name, x12_text
from revcycle_kit.values import Value
from revcycle_x12 import Envelope, WriteError, institutional, professional, write
from revcycle_x12 import claim_common as common
from revcycle_x12.codes import Gender, PayerSequence

_GENDERS = {"F": Gender.FEMALE, "M": Gender.MALE}


class Guide(Value, kw_only=True):
    """The levels of an 837 as its guide has them."""

    batch: Callable[..., common.ClaimBatch]
    billing_provider: Callable[..., common.BillingProvider]
    subscriber: Callable[..., common.Subscriber]
    patient: Callable[..., common.Patient]
    claim: Callable[[ClaimForm], common.ClaimCommon]


GUIDES: Final[Mapping[str, Guide]] = {
    "P": Guide(
        batch=professional.ProfessionalClaims,
        billing_provider=professional.BillingProvider,
        subscriber=professional.Subscriber,
        patient=professional.Patient,
        claim=professional_claim,
    ),
    "I": Guide(
        batch=institutional.InstitutionalClaims,
        billing_provider=institutional.BillingProvider,
        subscriber=institutional.Subscriber,
        patient=institutional.Patient,
        claim=institutional_claim,
    ),
}
"""By kind of claim."""


def write_batch(forms: Sequence[ClaimForm], kind: str, number: int, at: datetime, sender: Sender) -> bytes:
    """Write one interchange. Raises WriteError where a claim cannot be written, and IndexError for no claims."""
    payee, guide = forms[0].parties.payee, GUIDES[kind]
    submitter = sender.submitter or payee.tin
    batch = guide.batch(
        reference=f"{number:09}",
        created_at=at,
        submitter=common.Submitter(
            last_name=name(payee.name),
            id=submitter,
            contact_name=name(sender.contact_name),
            contact_qualifier="TE",
            contact_number=payee.contact_phone or sender.contact_phone,
        ),
        receiver=common.Receiver(last_name=sender.receiver_name, id=sender.receiver),
        billing_providers=[_billing_provider(forms, guide)],
    )
    envelope = Envelope(
        sender_id=submitter,
        receiver_id=sender.receiver,
        control_number=number,
        created_at=at,
        is_test=sender.is_test,
        acknowledgment_requested=True,
    )
    return write(envelope, [batch])


def writable(
    forms: Iterable[ClaimForm], kind: str, number: int, at: datetime, sender: Sender
) -> tuple[list[ClaimForm], list[tuple[ClaimForm, str]]]:
    """Try each claim alone: those that can be written, and those that cannot with the codec's reason."""
    good: list[ClaimForm] = []
    bad: list[tuple[ClaimForm, str]] = []
    for form in forms:
        try:
            write_batch([form], kind, number, at, sender)
        except WriteError as refused:
            bad.append((form, str(refused)))
        else:
            good.append(form)
    return good, bad


def _billing_provider(forms: Sequence[ClaimForm], guide: Guide) -> common.BillingProvider:
    payee = forms[0].parties.payee
    taxonomy: Fields = {"taxonomy": payee.taxonomy} if payee.taxonomy else {}
    address: Fields = {**address_fields(payee.address)}
    return guide.billing_provider(
        tax_id=payee.tin,
        provider=professional.Provider(last_name=name(payee.name), id=payee.npi, **address),
        subscribers=[_subscriber(form, guide) for form in forms],
        **taxonomy,
    )


def _subscriber(form: ClaimForm, guide: Guide) -> common.Subscriber:
    coverage, payer = form.coverage, form.payer
    subscriber, holder = form.holder(coverage.coverage_id)
    claim = guide.claim(form)
    fields: Fields = {"group_number": x12_text(subscriber.group_number, 50)} if subscriber.group_number else {}
    if coverage.relationship == SELF:
        fields |= {"relationship": SELF, "claims": [claim]}
    else:
        fields["patients"] = [_dependent(form.identity.patient, coverage.relationship, claim, guide)]
    return guide.subscriber(
        sequence=SEQUENCES.get(form.claim.rank, PayerSequence.TERTIARY),
        filing_indicator=payer.filing_indicator,
        person=_person(holder, subscriber.member_id),
        payer=common.Payer(last_name=name(payer.name), id=payer.payer_code),
        **fields,
    )


def _person(person: Person, member_id: str) -> professional.Person:
    fields: Fields = {**address_fields(person.address)}
    if member_id:
        fields["id"] = x12_text(member_id, MEMBER_MAX)
    if person.birth_on is not None:
        fields |= {"born_on": person.birth_on, "gender": _GENDERS.get(person.sex, Gender.NOT_STATED)}
    if person.middle:
        fields["middle_name"] = x12_text(person.middle, 25)
    return professional.Person(last_name=name(person.family), first_name=given_name(person.given), **fields)


def _dependent(patient: Person, relationship: str, claim: common.ClaimCommon, guide: Guide) -> common.Patient:
    fields: Fields = {}
    if patient.birth_on is not None:
        fields = {"born_on": patient.birth_on, "gender": _GENDERS.get(patient.sex, Gender.NOT_STATED).value}
    return guide.patient(
        relationship=relationship,
        last_name=name(patient.family),
        first_name=given_name(patient.given),
        claims=[claim],
        **fields,
        **address_fields(patient.address),
    )
