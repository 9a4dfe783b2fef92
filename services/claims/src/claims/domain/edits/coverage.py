"""Edits on the patient, the subscriber, the coverage and the authorization."""

import re
from collections.abc import Iterable

from claims.domain.edits.dossier import Dossier, Edit, Where, once

_MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]"
    r"[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)
"""The Medicare Beneficiary Identifier: 11 characters, no S, L, O, I, B, Z (CMS)."""
_RELATIONSHIPS = frozenset({"18", "01", "19", "20", "21", "39", "40", "53", "G8"})
_SELF = "18"


def _member_id_form(dossier: Dossier) -> Iterable[Where]:
    number = dossier.subscriber.member_id.replace("-", "")
    return once(dossier.claim.payer_kind == "medicare" and bool(number) and not _MBI.fullmatch(number))


def _subscriber(dossier: Dossier) -> Iterable[Where]:
    coverage = dossier.coverage
    if coverage is None or coverage.relationship == _SELF:
        return ()
    person = dossier.subscriber.person
    return once(not person.family or not person.given)


def _birth(dossier: Dossier) -> Iterable[Where]:
    born = dossier.patient.birth_on
    return once(born is None or born > dossier.claim.service_on)


def _inactive(dossier: Dossier) -> Iterable[Where]:
    coverage = dossier.coverage
    return once(coverage is None or not coverage.active_on(dossier.claim.service_on))


def _unanswered(dossier: Dossier) -> Iterable[Where]:
    coverage = dossier.coverage
    return once(coverage is not None and not coverage.answer and dossier.may_wait and dossier.claim.rank == 1)


def _refused(dossier: Dossier) -> Iterable[Where]:
    coverage = dossier.coverage
    return once(coverage is not None and coverage.answer == "refused")


def _authorization_missing(dossier: Dossier) -> Iterable[Where]:
    payer = dossier.payer
    if payer is None or dossier.claim.rank > 1 or _not_required(dossier):
        return
    wanted = set(payer.authorization_codes)
    for line in dossier.claim.lines:
        if line.code in wanted and dossier.claim.authorization_number is None:
            yield Where(line_number=line.line_number)


def _not_required(dossier: Dossier) -> bool:
    return any(
        authorization.payer_id == dossier.claim.payer_id and authorization.outcome == "not_required"
        for authorization in dossier.encounter.authorizations
    )


def _authorization_span(dossier: Dossier) -> Iterable[Where]:
    number = dossier.claim.authorization_number
    for authorization in dossier.encounter.authorizations:
        if number is not None and authorization.number == number:
            for line in dossier.claim.lines:
                if (not authorization.codes or line.code in authorization.codes) and not authorization.covers(
                    line.service_on
                ):
                    yield Where(line_number=line.line_number)


def _authorization_units(dossier: Dossier) -> Iterable[Where]:
    number = dossier.claim.authorization_number
    for authorization in dossier.encounter.authorizations:
        if number is not None and authorization.number == number and authorization.units is not None:
            used = sum(
                line.units
                for line in dossier.claim.lines
                if not authorization.codes or line.code in authorization.codes
            )
            yield from once(used > authorization.units)


EDITS = (
    Edit(
        "patient_name",
        "identity.patient",
        "the patient has a family name and a given name",
        "complete the patient's registration",
        "registration",
        lambda dossier: once(not dossier.patient.family or not dossier.patient.given),
    ),
    Edit(
        "patient_birth",
        "identity.patient.birth_on",
        "the patient has a birth date that is not after the service",
        "enter the patient's birth date",
        "registration",
        _birth,
    ),
    Edit(
        "patient_sex",
        "identity.patient.sex",
        "the patient's sex is F, M or U",
        "enter the patient's sex as the payer knows it",
        "registration",
        lambda dossier: once(dossier.patient.sex not in {"F", "M", "U"}),
    ),
    Edit(
        "member_id",
        "identity.subscribers.member_id",
        "the subscriber has a member number",
        "enter the number on the insurance card",
        "registration",
        lambda dossier: once(not dossier.subscriber.member_id),
    ),
    Edit(
        "medicare_number",
        "identity.subscribers.member_id",
        "a Medicare number has 11 characters in the pattern of an MBI",
        "copy the number from the red, white and blue card",
        "registration",
        _member_id_form,
    ),
    Edit(
        "subscriber_name",
        "identity.subscribers.person",
        "a subscriber who is not the patient has a name",
        "enter who holds the coverage",
        "registration",
        _subscriber,
    ),
    Edit(
        "relationship",
        "coverages.relationship",
        "the patient's relationship to the subscriber is a code that X12 knows",
        "enter 18 self, 01 spouse, 19 child or G8 other",
        "registration",
        lambda dossier: once(dossier.coverage is not None and dossier.coverage.relationship not in _RELATIONSHIPS),
    ),
    Edit(
        "coverage_active",
        "coverages",
        "the coverage includes the day of service",
        "find the coverage of that day, and put the payers in order again",
        "registration",
        _inactive,
    ),
    Edit(
        "coverage_refused",
        "coverages",
        "the payer has not refused the coverage",
        "put the member number or the payer right, and verify again",
        "registration",
        _refused,
    ),
    Edit(
        "coverage_verified",
        "coverages",
        "the payer has answered whether the coverage was active, or had until the next morning to answer",
        "nothing: the claim is checked again in the morning",
        "system",
        _unanswered,
    ),
    Edit(
        "self_pay_elected",
        "self_pay",
        "no claim goes to a plan that the patient forbade to tell (45 CFR 164.522)",
        "bill the patient, or have the election withdrawn",
        "registration",
        lambda dossier: once(dossier.encounter.self_pay_elected),
    ),
    Edit(
        "authorization_on_file",
        "authorization_number",
        "a service that this payer wants authorized has an authorization number",
        "obtain the authorization, or enter its number",
        "registration",
        _authorization_missing,
    ),
    Edit(
        "authorization_span",
        "authorization_number",
        "the authorization includes the day of service",
        "have the authorization extended, or use the right one",
        "registration",
        _authorization_span,
    ),
    Edit(
        "authorization_units",
        "authorization_number",
        "no more units are billed than were authorized",
        "have further units authorized, or correct the units",
        "registration",
        _authorization_units,
    ),
)
