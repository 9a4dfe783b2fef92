"""
Letters on their way: the addressee is opened, the letter rendered and handed to the mail partner.

Runs outside any transaction. Here, and in the page and PDF of the API, a guarantor's name is in clear.
"""

from collections.abc import Callable

import msgspec

from patient_billing.domain.addressee import Addressee
from patient_billing.domain.statement import Statement
from patient_billing.letters.addressees import open_addressee, open_addressees
from patient_billing.letters.pdf import statement_pdf
from patient_billing.letters.text import reminder_text, statement_text
from patient_billing.letters.words import statement_words
from patient_billing.messages import Delivered, SendReminder, SendStatement
from patient_billing.partners.mail import Mail
from patient_billing.settings import Form
from revcycle_kit.sealing import Sealer


class MailSender:
    """Performs the effects `SendStatement` and `SendReminder`."""

    def __init__(self, mail: Mail, sealer: Callable[[], Sealer], form: Form = "pdf") -> None:
        self._mail = mail
        self._sealer = sealer
        self._form = form

    async def send_statement(self, letter: SendStatement, key: str) -> Delivered:
        """Render a statement and hand it over."""
        addressees = open_addressees(letter.statement, self._sealer())
        words = statement_words(letter.statement, letter.sender, addressees)
        document = statement_pdf(words) if self._form == "pdf" else statement_text(words).encode()
        await self._mail.deliver(document, _statement_cover(letter.statement, words.addressee), key)
        return Delivered()

    async def send_reminder(self, letter: SendReminder, key: str) -> Delivered:
        """Write a reminder and hand it over."""
        addressee = open_addressee(self._sealer(), letter.clinic_id, letter.encounter_id, letter.sealed)
        await self._mail.deliver(reminder_text(letter).encode(), _reminder_cover(letter, addressee), key)
        return Delivered()


def _statement_cover(statement: Statement, addressee: Addressee) -> bytes:
    cover = {
        "document": "statement",
        "channel": "mail",
        "statement_id": statement.statement_id,
        "account_id": statement.account_id,
        "billing_entity_id": statement.billing_entity_id,
        "encounter_ids": statement.encounter_ids,
        "number": statement.number,
        "balance_cents": statement.balance_cents,
        "issued_on": statement.issued_on,
        "due_by": statement.due_by,
        "to": {"name": addressee.name, "address": addressee.address},
    }
    return msgspec.json.encode(cover)


def _reminder_cover(letter: SendReminder, addressee: Addressee) -> bytes:
    cover = {
        "document": "reminder",
        "channel": letter.channel,
        "account_id": letter.document_id,
        "number": letter.number,
        "balance_cents": letter.balance_cents,
        "to": {"name": addressee.name, "email": addressee.email},
    }
    return msgspec.json.encode(cover)
