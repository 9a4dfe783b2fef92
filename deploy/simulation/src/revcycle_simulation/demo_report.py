"""What the demo shows at its end: one story, the KPIs beside their targets, the money, and what to do next."""

from typing import Any

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from revcycle_kit.money import Cents, format_dollars
from revcycle_sandbox.patients import WAYS
from revcycle_simulation.demo import Outcome
from revcycle_simulation.figures import MONEY, SEED_KPIS

COLOURS = {"good": "green", "green": "green", "watch": "yellow", "yellow": "yellow", "bad": "red", "red": "red"}
WORLD = (
    f"Why figures miss their targets: of the sandbox's patients {WAYS['never']} % never pay and {WAYS['partly']} % pay"
    " half (US hospitals collected 34 % of what insured patients owed in 2024; Kodiak). Its payers refuse about 12 % of"
    " claims at first (11.8 % in 2024; Kodiak). Its front desks get one registration or charge in ten wrong, and a"
    " claim that had to be put right is not clean."
)
"""What the sandbox does, beside the published figures that it follows, or is kinder than."""
QUIET = frozenset(
    {"ledger_posted", "coverage_order_decided", "encounter_updated", "coding_completed", "charges_received"}
)
NEXT = """make up                      keep the system serving on one port: APIs, documentation, state that survives
revcycle journeys            the acceptance journeys, to the cent
revcycle ingest PATH --play  your own HL7 v2 and FHIR files, played to the end
docs/walkthrough.md          one encounter, told by its events"""


def show(outcome: Outcome, console: Console) -> None:
    """Print the whole report."""
    if outcome.story is not None:
        _show_story(outcome.story, console)
    _show_kpis(outcome, console)
    _show_uncollected(outcome, console)
    _show_money(outcome, console)
    _show_invariants(outcome, console)
    console.print(Panel(NEXT, title="What to do next", box=box.ROUNDED, expand=False))


def _show_story(story: dict[str, Any], console: Console) -> None:
    table = Table(title="One encounter: denied, worked, paid", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("day", no_wrap=True)
    table.add_column("who", no_wrap=True)
    table.add_column("what happened")
    for event in story["events"]:
        if event["event"].split(".")[1] not in QUIET:
            table.add_row(event["at"][:10], event["service"].replace("_", " "), event["words"])
    console.print(table)


def _show_kpis(outcome: Outcome, console: Console) -> None:
    table = Table(title="KPIs beside their targets", box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("figure", "value", "target", "numerator", "denominator", "as of"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for name in SEED_KPIS:
        kpi = outcome.kpis[name]
        colour = COLOURS.get(kpi["band"], "white")
        value = "no data" if kpi["value"] is None else f"{kpi['value']} {kpi['unit']}"
        parts = f"{kpi['numerator']:,}", f"{kpi['denominator']:,}", kpi["as_of"]
        table.add_row(kpi["title"], f"[{colour}]{value}[/{colour}]", kpi["target"] or "", *parts)
    console.print(table)


def uncollected(kpis: dict[str, dict[str, Any]]) -> dict[str, Cents]:
    """Return what net collection lost, in cents, by reason; what is posted on open encounters stands in the rest."""
    rate = kpis["net_collection_rate"]
    lost = rate["denominator"] - rate["numerator"]
    bad_debt, refused = kpis["bad_debt_rate"]["numerator"], kpis["final_denial_rate"]["numerator"]
    return {
        "patients who did not pay (bad debt after four statements)": Cents(bad_debt),
        "refusals given up (after correction or appeal)": Cents(refused),
        "small balances and the rest": Cents(lost - bad_debt - refused),
    }


def _show_uncollected(outcome: Outcome, console: Console) -> None:
    collectable = outcome.kpis["net_collection_rate"]["denominator"]
    table = Table(title="What was not collected, and why", box=box.SIMPLE_HEAD, title_justify="left", caption=WORLD)
    table.caption_justify = "left"
    table.add_column("")
    for name in ("dollars", "of what could be collected"):
        table.add_column(name, justify="right")
    for reason, cents in uncollected(outcome.kpis).items():
        share = f"{100 * cents / collectable:.2f} %" if collectable else "no data"
        table.add_row(reason, format_dollars(cents), share)
    console.print(table)


def _show_money(outcome: Outcome, console: Console) -> None:
    money = outcome.summary["money_cents"]
    table = Table(title="Money, to the cent, over all services", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("")
    table.add_column("dollars", justify="right")
    for name in MONEY:
        table.add_row(name.replace("_", " "), format_dollars(money[name]), style="bold" if name == "charged" else None)
    became = sum(money[name] for name in MONEY[1:])
    table.add_row("charged less what became of it", format_dollars(money["charged"] - became), style="bold")
    console.print(table)


def _show_invariants(outcome: Outcome, console: Console) -> None:
    words = [
        f"[green]holds[/green]  {name.replace('_', ' ')}" if holds else f"[red]BROKEN[/red] {name.replace('_', ' ')}"
        for name, holds in outcome.summary["invariants"].items()
    ]
    counts = outcome.summary["encounters"]
    said = sum(outcome.summary["events"].values())
    words.append(
        f"{counts['registered']} encounters, {counts['closed']} closed; {said} events; "
        f"{outcome.summary['seconds']} seconds"
    )
    console.print(Panel("\n".join(words), title="What must be true", box=box.ROUNDED, expand=False))
