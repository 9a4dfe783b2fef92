"""
When and how a guarantor may be contacted.

Quiet hours are kept for everybody. The call limits of Regulation F bind third-party debt
collectors, so they apply to accounts placed as bad debt, not to a provider's own accounts.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from revcycle_kit.values import Value


class Channel(StrEnum):
    """The ways to write to a guarantor."""

    MAIL = "mail"
    EMAIL = "email"
    SMS = "sms"


DAY_BEGINS: Final = time(8)
DAY_ENDS: Final = time(21)
"""12 CFR 1006.6(b)(1): before 8:00 and after 21:00 of the consumer's day are inconvenient."""

CALLS_MAX: Final = 7
CALL_WINDOW: Final = timedelta(days=7)
"""12 CFR 1006.14(b)(2), since 2021-11-30: 7 calls in 7 days per debt, none for 7 days after a conversation."""


class ContactPreference(Value):
    """The guarantor's wishes. E-mail is allowed until opted out; text messages need consent."""

    email_known: bool = False
    email_opted_out: bool = False
    sms_consented_on: date | None = None


class Call(Value):
    """One telephone call about a debt."""

    at: datetime
    conversation: bool = False


def reminder_channel(preference: ContactPreference) -> Channel:
    """Choose how to remind: by text where there is consent, by e-mail where it is not refused, else by mail."""
    if preference.sms_consented_on is not None:
        return Channel.SMS
    return Channel.EMAIL if preference.email_known and not preference.email_opted_out else Channel.MAIL


def is_quiet(local: datetime) -> bool:
    """Say whether the guarantor must be left alone at this local time."""
    return not DAY_BEGINS <= local.time() < DAY_ENDS


def may_call(local: datetime, earlier: Sequence[Call], *, regulated: bool) -> bool:
    """Say whether a call is allowed now; `regulated` says that Regulation F binds the caller."""
    if is_quiet(local):
        return False
    recent = [call for call in earlier if local - call.at < CALL_WINDOW]
    talked = any(call.conversation for call in recent)
    return not regulated or (len(recent) < CALLS_MAX and not talked)
