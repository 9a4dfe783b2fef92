"""Hold: what stops statements, reminders, plans and agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

HoldReason = Literal["bankruptcy", "deceased", "dispute", "ppdr", "assistance_pending"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is asked of the guarantor while it stands."""

    reason: HoldReason
    since: date
