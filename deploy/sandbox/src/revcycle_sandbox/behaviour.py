"""How a payer behaves: its clocks, its habits, its mistakes and its faults, drawn or stated exactly."""

from typing import Literal

import msgspec


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Which claims are meant; what is not stated matches everything."""

    member_id: str = ""
    code: str = ""
    """A procedure or revenue code on one of its lines."""
    kind: str = ""
    """P or I."""
    nth: int = 0
    """The n-th claim this payer receives for the member, code and kind stated; 0 for every one."""


class Mistake(Match, frozen=True, kw_only=True):
    """A first decision that is wrong, and when the payer corrects it by itself."""

    does: Literal["deny", "price", "ignore_copay"]
    group: str = "CO"
    carc: str = "50"
    remarks: tuple[str, ...] = ()
    fee_cents: int = 0
    """The wrong price of one unit, for `price`."""
    corrected_after_days: int | None = None
    """From the wrong payment; None: only an appeal corrects it."""


class AppealRule(msgspec.Struct, frozen=True, kw_only=True):
    """How appeals end; without a rule the merits decide."""

    carc: str = ""
    outcome: Literal["overturned", "upheld"] = "overturned"
    decide_after_days: int = 30
    pay_after_days: int = 7


class Unbalanced(Match, frozen=True, kw_only=True):
    """A claim whose first CO-45 is short by an amount; the whole file comes again, right, under the same trace."""

    short_cents: int
    corrected_after_days: int = 7


class Repeated(Match, frozen=True, kw_only=True):
    """The clearinghouse hands the claim to the payer a second time by mistake."""

    after_days: int = 3


class Lost(Match, frozen=True, kw_only=True):
    """The payer accepts the claim (277CA A2) and then loses it."""


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """How often something goes wrong on the way, in basis points of the claims or files."""

    acknowledgment_lost: int = 0
    acknowledgment_late: int = 0
    file_repeated: int = 0
    claim_unbalanced: int = 0
    claim_split: int = 0
    check_reissued: int = 0
    control_number_case: int = 0
    modifier_dropped: int = 0


SEEDED_FAULTS = Faults(
    acknowledgment_lost=30,
    acknowledgment_late=100,
    file_repeated=50,
    claim_unbalanced=20,
    claim_split=20,
    check_reissued=100,
    control_number_case=100,
    modifier_dropped=100,
)
"""The faults of the clocks table (revenue-cycle assumptions): a fifth of a percent to one percent."""


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What a payer does beside its contract. Days count from receipt of the claim."""

    decide_days_median: int = 15
    decide_days_p90: int = 35
    floor_days: int = 0
    """Nothing is paid before this day (Medicare: 14)."""
    run_weekday: int | None = 2
    """The weekly check run (Monday is 0); None: every day."""
    pay_after_days: int | None = None
    """Exact: the 835 comes on this day, whatever the clocks say."""
    acknowledge_exactly: bool = False
    """Acknowledgments at once instead of drawn delays."""
    front_end_membership: bool = True
    """Unknown members are turned away by 277CA; False: accepted, then CLP02 4 with CO-31."""
    recover: Literal["next", "net"] = "net"
    """Takebacks: `next` pays on (WO −) and recovers in a later file (WO +); `net` subtracts at once."""
    recover_after_runs: int = 1
    deposit_exactly: bool = False
    """Deposits on the day of the 835, and under its trace number."""
    appeals: tuple[AppealRule, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    unbalanced: tuple[Unbalanced, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    lost: tuple[Lost, ...] = ()
    faults: Faults = Faults()
    records_wanted: int = 0
    """Basis points of claims for which records are wanted before payment (CO-252)."""
    denied_by_mistake: int = 0
    """Basis points of lines that are refused wrongly: an appeal wins."""
    overpaid: int = 0
    """Basis points of claims paid too much at first and taken back 60 to 240 days later."""
    crossover_days: tuple[int, int] = (10, 15)
    """As a secondary: days from the primary's 835 to the decision on what came by crossover."""
