"""Hold: what stops statements, reminders, plans and agencies."""

from datetime import date
from enum import StrEnum

from revcycle_kit.values import Value


class HoldReason(StrEnum):
    """The grounds on which nothing is asked of the guarantor."""

    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    DISPUTE = "dispute"
    PPDR = "ppdr"
    ASSISTANCE_PENDING = "assistance_pending"


class Hold(Value):
    """Nothing is asked of the guarantor while it stands."""

    reason: HoldReason
    since: date
