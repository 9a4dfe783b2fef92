"""Edits on days: service, statement period, timely filing."""

from collections.abc import Iterable

from claims.domain.edits.context import Edit, EditContext, Where, once


def _future(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        if (line.service_through_on or line.service_on) > context.today:
            yield Where(line_number=line.line_number)


def _reversed(context: EditContext) -> Iterable[Where]:
    for line in context.claim.lines:
        if line.service_through_on is not None and line.service_through_on < line.service_on:
            yield Where(line_number=line.line_number)


def _outside(context: EditContext) -> Iterable[Where]:
    claim = context.claim
    for line in context.claim.lines:
        if not claim.service_on <= line.service_on <= claim.service_through_on:
            yield Where(line_number=line.line_number)


def _late(context: EditContext) -> Iterable[Where]:
    by = context.claim.timely_filing_by
    return once(by is not None and context.today > by)


def _admission(context: EditContext) -> Iterable[Where]:
    claim = context.claim
    if claim.kind != "I" or not context.encounter.inpatient:
        return ()
    return once(claim.admitted_on is None or claim.admitted_on > claim.service_through_on)


EDITS = (
    Edit(
        "service_not_future",
        "lines.service_on",
        "no service lies in the future",
        "correct the date of service",
        "coder",
        _future,
    ),
    Edit(
        "service_span",
        "lines.service_through_on",
        "a service ends on or after the day on which it began",
        "correct the dates of the line",
        "coder",
        _reversed,
    ),
    Edit(
        "statement_dates",
        "service_on",
        "every line lies between the first and the last day of the claim",
        "correct the date of the line, or of the encounter",
        "coder",
        _outside,
    ),
    Edit(
        "timely_filing",
        "timely_filing_by",
        "the payer still takes the claim (its contract, or 42 CFR 424.44)",
        "find the payer's acceptance of an earlier copy, then override; else write it off",
        "biller",
        _late,
    ),
    Edit(
        "admission_date",
        "admitted_on",
        "an inpatient claim has the date of admission, not after its last day",
        "complete the admission in the registration",
        "registration",
        _admission,
    ),
)
