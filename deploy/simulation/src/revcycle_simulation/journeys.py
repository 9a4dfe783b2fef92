"""
Journeys: scenario files that are played on a fresh system and compared to the cent.

The format is described for billers in docs/journeys.md. A file says what the world is (`sandbox`), what people do
(`staff`), for how many days it is played, and what must come of it (`expect`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from revcycle_kit.money import ZERO, Cents, format_cents, parse_cents
from revcycle_sandbox import NotAScenario, load_scenario
from revcycle_simulation.database_pool import DatabasePool
from revcycle_simulation.figures import Figures
from revcycle_simulation.setup import Scenario, SimulationSetup, set_up
from revcycle_simulation.staff.worklists import Orders

OWN = Path(__file__).parent / "scenarios"
KNOWN = frozenset({"name", "story", "sandbox", "staff", "days", "expect", "unapplied", "events"})
STAFF = frozenset({"coverage_refused", "rejections_from", "denials", "recoveries"})
OPEN = ("insurance_open", "in_transit", "patient_open")
MONEY = ("charged", "insurance_paid", "adjusted", "patient_paid", "written_off", "open")


class NotAJourney(Exception):  # noqa: N818 - names what was found
    """A file that cannot be played: what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a journey ended."""

    name: str
    expected: dict[str, Any]
    actual: dict[str, Any]
    differences: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether everything came as expected."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` writes it."""
        return {
            "name": self.name,
            "ok": self.ok,
            "expected": self.expected,
            "actual": self.actual,
            "differences": self.differences,
        }


def own_journeys() -> list[Path]:
    """Return the project's own journeys."""
    return sorted(OWN.glob("*.yaml"))


def read_journey(path: Path) -> dict[str, Any]:
    """Read a scenario file. Raises NotAJourney with what is wrong, and where."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotAJourney(f"{path}: {error}") from error
    if not isinstance(told, dict) or "sandbox" not in told or "expect" not in told:
        raise NotAJourney(f"{path}: a journey has a `sandbox` and what to `expect`; see docs/journeys.md")
    if unknown := sorted(set(told) - KNOWN) + sorted(f"staff.{name}" for name in set(told.get("staff") or {}) - STAFF):
        raise NotAJourney(f"{path}: unknown: {', '.join(unknown)}; known are {', '.join(sorted(KNOWN))}")
    return told


async def play_journey(path: Path, pool: DatabasePool, *, kafka: str = "", kafka_prefix: str = "") -> Result:
    """Play one file on fresh databases and compare. Raises NotAJourney."""
    told = read_journey(path)
    try:
        world = load_scenario(told["sandbox"])
    except NotAScenario as error:
        raise NotAJourney(f"{path}: sandbox: {error}") from error
    async with pool.databases() as databases:
        scenario = Scenario(
            world,
            orders=orders_of(told.get("staff") or {}),
            databases=databases,
            kafka=kafka,
            kafka_prefix=kafka_prefix,
        )
        async with set_up(scenario) as setup:
            await setup.simulation.run_until(setup.clock.now() + timedelta(days=int(told.get("days", 120))))
            figures = Figures(setup.system, setup.places)
            try:
                return await _compared(str(told.get("name", path.stem)), told, setup, figures)
            finally:
                await figures.close()


def orders_of(told: dict[str, Any]) -> Orders:
    """Return what the scenario tells the staff."""
    recoveries = tuple(
        {
            "visit": recovery["visit"],
            "on": recovery["day"],
            "collected_cents": parse_cents(str(recovery["collected"])),
            "fee_cents": parse_cents(str(recovery["fee"])),
        }
        for recovery in told.get("recoveries", ())
    )
    from_day: date | None = told.get("rejections_from")
    denials = {str(carc): str(deed) for carc, deed in (told.get("denials") or {}).items()}
    return Orders(str(told.get("coverage_refused", "ask")), from_day, denials, recoveries)


async def _compared(name: str, told: dict[str, Any], setup: SimulationSetup, figures: Figures) -> Result:
    expected: dict[str, Any] = {}
    actual: dict[str, Any] = {}
    for visit, wanted in told["expect"].items():
        encounter_id = setup.references.encounter_of.get(visit)
        if encounter_id is None:
            raise NotAJourney(f"{name}: expect names visit {visit}, which the sandbox does not have")
        story = await figures.journey(encounter_id)
        expected[visit] = _wanted(wanted)
        actual[visit] = await _found(wanted, story, setup, figures)
    if "unapplied" in told:
        cash = (await figures.read("analytics", "/v1/money"))["insurance_cash_cents"]
        expected["unapplied"], actual["unapplied"] = _amount(told["unapplied"]), format_cents(cash["unapplied"])
    counts = await figures.event_counts()
    for event in told.get("events", ()):
        expected[event] = "said"
        actual[event] = "said" if any(event in kind for kind in counts) else "never said"
    expected["invariants"] = "hold"
    broken = [name for name, holds in (await figures.invariants()).items() if not holds]
    actual["invariants"] = "hold" if not broken else f"broken: {', '.join(broken)}"
    return Result(name, expected, actual, list(_differences(expected, actual)))


def _wanted(wanted: dict[str, Any]) -> dict[str, Any]:
    money = {part: _amount(wanted["money"][part]) for part in MONEY if part in wanted["money"]}
    counts = {name: wanted[name] for name in ("denials", "statements") if name in wanted}
    claims = (
        {"claims": [f"{claim['payer']} {claim['outcome']} {_amount(claim['paid'])}" for claim in wanted["claims"]]}
        if "claims" in wanted
        else {}
    )
    return {"money": money, **counts, **claims, **dict.fromkeys(wanted.get("events", ()), "said")}


async def _found(
    wanted: dict[str, Any], story: dict[str, Any], setup: SimulationSetup, figures: Figures
) -> dict[str, Any]:
    cents = dict(story["encounter"]["money_cents"])
    cents["open"] = sum(cents[name] for name in OPEN)
    said = Counter(event["event"].split(".")[1] for event in story["events"])
    found: dict[str, Any] = {"money": {part: format_cents(cents[part]) for part in MONEY if part in wanted["money"]}}
    counted = {"denials": said["denial_opened"], "statements": said["statement_issued"]}
    found |= {name: counted[name] for name in counted if name in wanted}
    if "claims" in wanted:
        found["claims"] = await _claims(story["encounter"]["encounter_id"], setup, figures)
    return found | {event: "said" if said[event] else "never said" for event in wanted.get("events", ())}


async def _claims(encounter_id: str, setup: SimulationSetup, figures: Figures) -> list[str]:
    """Return how each payer's last decision on the encounter stands: payer, outcome, what it paid in the end."""
    listed = await figures.read("claims", f"/v1/claims?encounter_id={encounter_id}&limit=200")
    codes = {str(payer_id): code for code, payer_id in setup.payer_ids().items()}
    decided: dict[tuple[int, str], tuple[str, Cents]] = {}
    for item in listed["items"]:
        claim = await figures.read("claims", f"/v1/claims/{item['claim_id']}")
        for decision in claim["decisions"]:
            key = (item["rank"], codes.get(item["payer_id"], item["payer_id"]))
            outcome, paid = decided.get(key, ("", ZERO))
            kept = decision["outcome"] in ("reversed", "duplicate")
            decided[key] = (outcome if kept else decision["outcome"], Cents(paid + decision["paid_cents"]))
    return [f"{payer} {outcome} {format_cents(paid)}" for (_, payer), (outcome, paid) in sorted(decided.items())]


def _differences(expected: dict[str, Any], actual: dict[str, Any], where: str = "") -> Iterable[str]:
    for name, wanted in expected.items():
        place, found = f"{where}{name}", actual.get(name)
        if isinstance(wanted, dict) and isinstance(found, dict):
            yield from _differences(wanted, found, f"{place}.")
        elif wanted != found:
            yield f"{place}: expected {wanted}, found {found}"


def _amount(written: object) -> str:
    return format_cents(parse_cents(str(Decimal(str(written)).quantize(Decimal("0.01")))))
