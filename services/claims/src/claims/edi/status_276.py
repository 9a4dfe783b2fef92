"""276 out and 277 in: where a claim stands."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from claims.domain.status import StatusCode
from claims.edi.acknowledgments import status_codes
from claims.edi.claim_form import ClaimForm, Sender
from claims.edi.text import MEMBER_MAX, given_name, name, x12_text
from claims.messages import StatusAnswered
from revcycle_x12 import Envelope, Transaction, read, write
from revcycle_x12 import claim_status as x212
from revcycle_x12.codes import Gender

_SELF = "18"
_NUMBERS = 999_999_999


def write_inquiry(form: ClaimForm, key: str, at: datetime, sender: Sender) -> bytes:
    """
    Write a 276 about one claim; its control number follows from the key, so that a retry repeats it.

    Raises WriteError where the claim cannot be written.
    """
    payee, claim = form.parties.payee, form.claim
    submitter = sender.submitter or payee.tin
    moment = at.replace(tzinfo=None)
    provider = x212.ProviderInquiry(
        provider=x212.Named(last_name=name(payee.name), id_qualifier="XX", id=payee.npi),
        subscribers=[_subscriber(form)],
    )
    receiver = x212.ReceiverInquiry(receiver=x212.Named(last_name=name(payee.name), id=submitter), providers=[provider])
    asked = x212.PayerInquiry(
        payer=x212.Named(last_name=name(form.payer.name), id_qualifier="PI", id=form.payer.payer_code),
        receivers=[receiver],
    )
    inquiry = x212.StatusInquiry(reference=claim.patient_control_number, created_at=moment, payers=[asked])
    envelope = Envelope(
        sender_id=submitter,
        receiver_id=sender.receiver,
        control_number=_number(key),
        created_at=moment,
        is_test=sender.is_test,
    )
    return write(envelope, [inquiry])


def read_answer(content: bytes, patient_control_number: str) -> tuple[StatusCode, ...]:
    """Return what a 277 says about the claim of this number; nothing where it says nothing of it."""
    for transaction in read(content):
        transaction.tree()
        if transaction.set_id == "277":
            for status in read_statuses(transaction):
                if status.patient_control_number == patient_control_number:
                    return status.codes
    return ()


def read_statuses(transaction: Transaction) -> Iterator[StatusAnswered]:
    """Read the status of every claim that a 277 speaks about, under our number or the number of our inquiry."""
    for claim in x212.StatusResponse.of_transaction(transaction).claims:
        number = (claim.control_number or claim.trace).upper()
        yield StatusAnswered(patient_control_number=number, codes=status_codes(claim.statuses))


def _subscriber(form: ClaimForm) -> x212.SubscriberInquiry:
    held = form.identity.subscriber(form.claim.coverage_id)
    patient = form.identity.patient
    person = held.person if held.person.family else patient
    named = x212.Named(
        last_name=name(person.family),
        first_name=given_name(person.given),
        id_qualifier="MI",
        id=x12_text(held.member_id, MEMBER_MAX),
    )
    if form.coverage.relationship == _SELF:
        return x212.SubscriberInquiry(person=named, claims=[_asked(form)], **_born(patient))
    dependent = x212.DependentInquiry(
        person=x212.Named(last_name=name(patient.family), first_name=given_name(patient.given)),
        claims=[_asked(form)],
        **_born(patient),
    )
    return x212.SubscriberInquiry(person=named, dependents=[dependent])


def _asked(form: ClaimForm) -> x212.ClaimInquiry:
    claim = form.claim
    known: dict[str, Any] = {}
    if claim.payer_claim_control_number:
        known["payer_control_number"] = claim.payer_claim_control_number
    return x212.ClaimInquiry(
        trace=claim.patient_control_number,
        control_number=claim.patient_control_number,
        charge_cents=claim.charge_cents,
        served=(claim.service_on, claim.service_through_on),
        **known,
    )


def _born(person: Any) -> dict[str, Any]:
    if person.birth_on is None:
        return {}
    genders = {"F": Gender.FEMALE, "M": Gender.MALE}
    known = {"gender": genders[person.sex]} if person.sex in genders else {}
    return {"born_on": person.birth_on, **known}


def _number(key: str) -> int:
    """Return nine digits that follow from the key."""
    return int.from_bytes(sha256(key.encode()).digest()[:6]) % _NUMBERS + 1
