"""Statements and reminders as plain text."""

from patient_billing.letters.words import HEADINGS, Row, Words
from patient_billing.messages import SendReminder
from revcycle_kit.money import format_dollars


def statement_text(words: Words) -> str:
    """Return the statement as lines of text."""
    lines = [words.sender.name, *words.sender.address, "", words.addressee.name, *words.addressee.address, ""]
    lines += [words.title, "", *_rows(words.facts)]
    for section in words.sections:
        lines += ["", section.title]
        for service in section.lines:
            lines.append(f"  {service[0]}")
            lines += [f"    {heading}: {cell}" for heading, cell in zip(HEADINGS[1:], service[1:], strict=True)]
        lines += _rows(section.rows)
    return "\n".join([*lines, "", *words.notices, ""])


def reminder_text(reminder: SendReminder) -> str:
    """Return a reminder: no name, no service, nothing that a stranger could learn from a screen."""
    phone = f" Questions: {reminder.sender.phone}." if reminder.sender.phone else ""
    return (
        f"{reminder.sender.name}: your statement number {reminder.number} shows "
        f"{format_dollars(reminder.balance_cents)} due.{phone} To stop these messages, tell us or answer STOP.\n"
    )


def _rows(rows: tuple[Row, ...]) -> list[str]:
    return [f"  {row.label}: {row.amount}" for row in rows]
