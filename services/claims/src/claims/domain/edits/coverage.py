"""Edits on the patient, the subscriber, the coverage and the authorization."""

import re
from collections.abc import Iterable

from claims.domain.edits.context import Edit, EditContext, Where, once
from claims.domain.encounters import CoverageAnswer

_MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]"
    r"[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)
"""The Medicare Beneficiary Identifier: 11 characters, no S, L, O, I, B, Z (CMS)."""
_RELATIONSHIPS = frozenset({"18", "01", "19", "20", "21", "39", "40", "53", "G8"})
_SELF = "18"


def _member_id_form(context: EditContext) -> Iterable[Where]:
    number = context.subscriber.member_id.replace("-", "")
    return once(context.claim.payer_kind == "medicare" and bool(number) and not _MBI.fullmatch(number))


def _subscriber(context: EditContext) -> Iterable[Where]:
    coverage = context.coverage
    if coverage is None or coverage.relationship == _SELF:
        return ()
    person = context.subscriber.person
    return once(not person.family or not person.given)


def _birth(context: EditContext) -> Iterable[Where]:
    born = context.patient.birth_on
    return once(born is None or born > context.claim.service_on)


def _inactive(context: EditContext) -> Iterable[Where]:
    coverage = context.coverage
    return once(coverage is None or not coverage.active_on(context.claim.service_on))


def _unanswered(context: EditContext) -> Iterable[Where]:
    coverage = context.coverage
    return once(coverage is not None and not coverage.answer and context.may_wait and context.claim.rank == 1)


def _refused(context: EditContext) -> Iterable[Where]:
    coverage = context.coverage
    return once(coverage is not None and coverage.answer == CoverageAnswer.REFUSED)


def _authorization_missing(context: EditContext) -> Iterable[Where]:
    payer = context.payer
    if payer is None or context.claim.rank > 1 or _not_required(context):
        return
    wanted = set(payer.authorization_codes)
    for line in context.claim.lines:
        if line.code in wanted and context.claim.authorization_number is None:
            yield Where(line_number=line.line_number)


def _not_required(context: EditContext) -> bool:
    return any(
        authorization.payer_id == context.claim.payer_id and authorization.outcome == "not_required"
        for authorization in context.encounter.authorizations
    )


def _authorization_span(context: EditContext) -> Iterable[Where]:
    number = context.claim.authorization_number
    for authorization in context.encounter.authorizations:
        if number is not None and authorization.number == number:
            for line in context.claim.lines:
                if (not authorization.codes or line.code in authorization.codes) and not authorization.covers(
                    line.service_on
                ):
                    yield Where(line_number=line.line_number)


def _authorization_units(context: EditContext) -> Iterable[Where]:
    number = context.claim.authorization_number
    for authorization in context.encounter.authorizations:
        if number is not None and authorization.number == number and authorization.units is not None:
            used = sum(
                line.units
                for line in context.claim.lines
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
        lambda context: once(not context.patient.family or not context.patient.given),
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
        lambda context: once(context.patient.sex not in {"F", "M", "U"}),
    ),
    Edit(
        "member_id",
        "identity.subscribers.member_id",
        "the subscriber has a member number",
        "enter the number on the insurance card",
        "registration",
        lambda context: once(not context.subscriber.member_id),
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
        lambda context: once(context.coverage is not None and context.coverage.relationship not in _RELATIONSHIPS),
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
        lambda context: once(context.encounter.self_pay_elected),
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
