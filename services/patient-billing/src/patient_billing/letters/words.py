"""
The words of a statement, independent of paper and screen.

Every encounter tells the same story in the same order: what it cost, what insurance did, what is
the patient's share and why, what was already taken off it, and what is due now. Each table adds up.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from patient_billing.domain.addressee import Addressee
from patient_billing.domain.balance import BalanceLine
from patient_billing.domain.statement import Statement, StatementItem
from patient_billing.messages import Sender
from revcycle_kit.money import Cents, format_dollars
from revcycle_kit.values import Value

HEADINGS: Final = (
    "Service",
    "It cost",
    "Insurance paid",
    "Insurance discount",
    "Deductible",
    "Coinsurance",
    "Copay",
    "Not covered or no insurance",
    "Your share",
)

HELP: Final = (
    "If you cannot pay this bill: you may be able to get financial help that lowers it, or pay in monthly "
    "installments. Call us before the date above. Applying costs nothing, and while we look at your application we "
    "ask you for nothing."
)
QUESTIONS: Final = (
    "If something looks wrong: tell us within 30 days and we will look into it. While we do, you need not pay the "
    "amount you question. If you have insurance that is not named here, call us with the numbers on your card."
)
ESTIMATE: Final = (
    "If you had no insurance and this bill is $400 or more above your good faith estimate, you may dispute it within "
    "120 days of the bill: see www.cms.gov/nosurprises."
)
_UNKNOWN: Final = Addressee(name="The person responsible for this account")


class Row(Value):
    """A label and an amount; `total` rows stand out."""

    label: str
    amount: str
    total: bool = False


class Section(Value):
    """One encounter on the statement."""

    title: str
    lines: tuple[tuple[str, ...], ...]
    """Under HEADINGS."""
    rows: tuple[Row, ...]


class Words(Value):
    """Everything a statement says."""

    title: str
    sender: Sender
    addressee: Addressee
    facts: tuple[Row, ...]
    sections: tuple[Section, ...]
    notices: tuple[str, ...]


def statement_words(statement: Statement, sender: Sender, addressees: Mapping[UUID, Addressee]) -> Words:
    """Say a statement; `addressees` are by encounter, and the newest encounter's guarantor is written to."""
    latest = statement.items[-1].encounter_id
    return Words(
        title=f"Statement of {_day(statement.issued_on)}",
        sender=sender,
        addressee=addressees.get(latest, _UNKNOWN),
        facts=_facts(statement),
        sections=tuple(_section(item, addressees.get(item.encounter_id)) for item in statement.items),
        notices=(*_final_notice(statement), HELP, QUESTIONS, *_estimate_notice(statement), _contact(sender)),
    )


def _facts(statement: Statement) -> tuple[Row, ...]:
    return (
        Row("Account number", str(statement.account_id)),
        Row("Statement", f"number {statement.number}, {_day(statement.issued_on)}"),
        Row("Please pay by", _day(statement.due_by)),
        Row("You owe now", format_dollars(statement.balance_cents), total=True),
    )


def _section(item: StatementItem, addressee: Addressee | None) -> Section:
    patient = f" for {addressee.patient}" if addressee and addressee.patient else ""
    return Section(
        title=f"Visit on {_day(item.service_on)}{patient}",
        lines=tuple(_line(line) for line in item.lines),
        rows=_rows(item),
    )


def _line(line: BalanceLine) -> tuple[str, ...]:
    amounts = (
        line.charge_cents,
        line.insurance_paid_cents,
        line.adjusted_cents,
        line.deductible_cents,
        line.coinsurance_cents,
        line.copay_cents,
        line.other_cents,
        line.patient_cents,
    )
    return (f"Code {line.code}, {_day(line.service_on)}", *(format_dollars(cents) for cents in amounts))


def _rows(item: StatementItem) -> tuple[Row, ...]:
    """Tell how the share became what is due; steps of nothing are left out."""
    steps = (
        ("Later changes by insurance", item.corrections_cents),
        ("Discount for paying without insurance", Cents(-item.discounted_cents)),
        ("Forgiven", Cents(-item.forgiven_cents)),
        ("You paid", Cents(-item.paid_cents)),
        ("On your payment plan", Cents(-item.on_plan_cents)),
    )
    changes = (Row(label, format_dollars(cents)) for label, cents in steps if cents)
    share = Row("Your share of this visit", format_dollars(item.share_cents))
    return (share, *changes, Row("Due now for this visit", format_dollars(item.due_cents), total=True))


def _final_notice(statement: Statement) -> tuple[str, ...]:
    if statement.placement_after is None:
        return ()
    by = _day(statement.placement_after)
    notice = (
        f"Final notice: if we do not hear from you by {by}, we may send what you owe to a collection agency. You can "
        "stop this by paying, by agreeing on installments, or by applying for financial help."
    )
    return (notice,)


def _estimate_notice(statement: Statement) -> tuple[str, ...]:
    """Name the right to dispute only where no insurance stands on the statement."""
    uninsured = any(not item.insurance_paid_cents and not item.adjusted_cents for item in statement.items)
    return (ESTIMATE,) if uninsured else ()


def _contact(sender: Sender) -> str:
    phone = f" To pay by card or to ask anything, call {sender.phone}." if sender.phone else ""
    return f"Pay by check to {sender.name}, and write the account number on it.{phone}"


def _day(on: date) -> str:
    return f"{on:%B} {on.day}, {on.year}"
