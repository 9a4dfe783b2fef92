"""Decisions applied: an account's decision becomes documents, postings, events, letters and a timer."""

from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

import msgspec

from patient_billing.domain.account import PatientAccount
from patient_billing.domain.decision import Decision, Moment
from patient_billing.domain.facts import ReminderSent
from patient_billing.domain.morning import next_morning
from patient_billing.domain.posting import Posting
from patient_billing.domain.statement import Statement
from patient_billing.events import account_event
from patient_billing.messages import (
    AccountMorning,
    PostToEncounter,
    Sender,
    SendReminder,
    SendStatement,
    encounter_stream,
)
from patient_billing.storage import BillingWork, StatementRow
from revcycle_kit.clock import local_date, local_instant
from revcycle_kit.values import replace

MORNING: Final = time(8)
"""When accounts wake, on the account's clock: statements and reminders go out then, never in quiet hours."""

_encode = msgspec.json.Encoder().encode


def moment_of(account: PatientAccount, work: BillingWork) -> Moment:
    """
    Return when, and under which policies, this work decides.

    Raises NotYet while the billing entity is not known: its rules, which it may have, would not be seen either.
    """
    work.billing_entities.get(account.billing_entity_id)
    rules = work.rules.find(account.billing_entity_id)
    today = local_date(work.now, account.time_zone)
    return Moment(work.now, today, work.new_id, rules.policies if rules else ())


def apply_decision(decision: Decision, work: BillingWork) -> None:
    """Save the account, tell its encounters what to post, announce, send letters, and set the alarm."""
    account = decision.account
    for fact in decision.facts:
        work.publish(account_event(account, fact))
    _post_to_encounters(decision, work)
    for statement in decision.statements:
        _send_statement(statement, work)
    for reminder in decision.facts:
        if isinstance(reminder, ReminderSent):
            _send_reminder(account, reminder, work)
    work.accounts.put(_armed(account, work))


def _post_to_encounters(decision: Decision, work: BillingWork) -> None:
    by_encounter: dict[UUID, list[Posting]] = {}
    for posting in decision.postings:
        by_encounter.setdefault(posting.encounter_id, []).append(posting)
    account = decision.account
    for encounter_id, postings in by_encounter.items():
        message = PostToEncounter(account_id=account.account_id, postings=tuple(postings))
        clinic_id = account.known_balance(encounter_id).clinic_id
        work.send(message, encounter_stream(clinic_id, encounter_id), key=str(work.message_id))


def _send_statement(statement: Statement, work: BillingWork) -> None:
    work.statements.add(
        StatementRow(
            statement.statement_id,
            statement.number,
            statement.balance_cents,
            statement.issued_on,
            statement.due_by,
            _encode(statement),
        )
    )
    letter = SendStatement(document_id=statement.statement_id, sender=_sender(work), statement=statement)
    work.effect(letter, key=f"statement-{statement.statement_id}")


def _send_reminder(account: PatientAccount, reminder: ReminderSent, work: BillingWork) -> None:
    latest = next((balance for balance in reversed(account.balances) if balance.due_cents), account.balances[-1])
    letter = SendReminder(
        document_id=account.account_id,
        sender=_sender(work),
        channel=reminder.channel,
        number=reminder.number,
        balance_cents=account.due_cents,
        clinic_id=latest.clinic_id,
        encounter_id=latest.encounter_id,
        sealed=latest.sealed,
    )
    work.effect(letter, key=f"reminder-{work.message_id}")


def _sender(work: BillingWork) -> Sender:
    entity = work.billing_entities.get(work.stream.tenant_id)
    return Sender(name=entity.name, address=entity.address, phone=entity.phone)


def _armed(account: PatientAccount, work: BillingWork) -> PatientAccount:
    """Set the account's alarm to the next morning on which something waits."""
    wakes_on = next_morning(account, moment_of(account, work).policy, _earliest(account, work))
    if wakes_on is not None and wakes_on != account.wakes_on:
        work.later(AccountMorning(), local_instant(wakes_on, MORNING, account.time_zone), key="morning")
    if wakes_on is None and account.wakes_on is not None:
        work.cancel(AccountMorning, key="morning")
    return replace(account, wakes_on=wakes_on)


def _earliest(account: PatientAccount, work: BillingWork) -> date:
    """Return today while its morning is still to come, else tomorrow."""
    today = local_date(work.now, account.time_zone)
    return today if work.now < local_instant(today, MORNING, account.time_zone) else today + timedelta(days=1)
