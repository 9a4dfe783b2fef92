"""How an operator's findings look on a terminal."""

from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from revcycle_kit.money import format_cents

COLOURS = {"green": "green", "amber": "yellow", "red": "red"}
OPEN = ("insurance_open", "in_transit", "patient_open")


def journey(story: dict[str, Any], console: Console) -> None:
    """Print every event of an encounter by the time it happened, and where its money stands."""
    encounter = story["encounter"]
    table = _table(
        f"Encounter {encounter['encounter_id']}: {encounter['state']}", "day", "who", "what happened", "amounts"
    )
    for event in sorted(story["events"], key=lambda one: one["at"]):
        amounts = ", ".join(
            f"{name.removesuffix('_cents').replace('_', ' ')} {format_cents(cents)}"
            for name, cents in event["amounts_cents"].items()
        )
        table.add_row(event["at"][:10], event["service"].replace("_", " "), escape(event["words"]), amounts)
    console.print(table)
    money = encounter["money_cents"]
    standing = _table("Money", *(name.replace("_", " ") for name in money))
    standing.add_row(*(format_cents(cents) for cents in money.values()))
    console.print(standing)
    console.print(f"Next: {escape(encounter['next_step'])}")
    for deadline in encounter["deadlines"]:
        late = " [red]late[/red]" if deadline["late"] else ""
        console.print(f"  {escape(deadline['expected'])} by {deadline['due_at'][:10]}{late}")


def kpis(found: dict[str, Any], console: Console) -> None:
    """Print each KPI with its target, its colour and its parts."""
    as_of = found["scope"]["as_of"]
    table = _table(f"KPIs as of {as_of}", "figure", "value", "target", "numerator", "denominator", right=1)
    for kpi in found["kpis"]:
        colour = COLOURS.get(kpi["band"], "default")
        value = "no data" if kpi["value"] is None else f"{kpi['value']} {kpi['unit']}"
        parts = f"{kpi['numerator']:,}", f"{kpi['denominator']:,}"
        table.add_row(kpi["title"], f"[{colour}]{value}[/{colour}]", kpi["target"] or "", *parts)
    console.print(table)


def findings(found: dict[str, Any], console: Console) -> None:
    """Print what does not agree, our own books first."""
    ours = {finding["subject_id"] + finding["kind"] for finding in found["unsound"]}
    table = _table(f"Reconciliation as of {found['as_of']}", "whose", "what", "expected", "found", "what to do")
    for each in sorted(found["findings"], key=lambda one: one["subject_id"] + one["kind"] not in ours):
        own = each["subject_id"] + each["kind"] in ours
        whose = "[red]ours[/red]" if own else "payer or bank"
        subject = f"{each['kind'].replace('_', ' ')}: {each['subject']} {each['subject_id']}"
        table.add_row(whose, escape(subject), *_sides(each), escape(each["fix"]))
    if found["findings"]:
        console.print(table)
    checked = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found["checked"].items())
    word = "[red]Our own books do not agree.[/red]" if found["unsound"] else "[green]Our own books agree.[/green]"
    console.print(f"{word} Compared: {checked}.")


def _sides(finding: dict[str, Any]) -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        escape(finding[side]) if finding[f"{side}_cents"] is None else format_cents(finding[f"{side}_cents"])
        for side in ("expected", "found")
    )


def held(found: dict[str, Any], console: Console) -> None:
    """Print held messages, and services that stopped."""
    _breakers(found, console)
    if not found["held"]:
        console.print("Nothing is held.")
        return
    table = _table("Held messages", "service", "key (stream)", "message", "state", "reason", "fingerprint", "since")
    for row in found["held"]:
        key = f"{row['stream_id']} ({row['stream_kind']})"
        words = escape(row["reason"]), row["fingerprint"], row["since"][:19]
        table.add_row(row["service"], key, row["name"], row["state"], *words)
    console.print(table)


def held_in_full(found: dict[str, Any], console: Console) -> None:
    """Print everything that is known of held messages but their contents."""
    _breakers(found, console)
    for row in found["held"]:
        table = Table(box=box.SIMPLE, show_header=False)
        for name, value in row.items():
            table.add_row(name.replace("_", " "), escape(str(value)))
        console.print(table)
    console.print("Contents are not shown. When the cause is removed: revcycle parked replay KEY")


def _breakers(found: dict[str, Any], console: Console) -> None:
    for breaker in found["breakers"]:
        console.print(
            f"[red]{breaker['service']} does not read:[/red] {escape(breaker['reason'])}. "
            f"When the cause is removed: revcycle parked resume {breaker['service']}"
        )


def replayed(done: dict[str, Any], console: Console) -> None:
    """Print how many messages took effect, and what is still held."""
    console.print(f"{done['applied']} took effect, {len(done['left'])} still held.")
    if done["left"]:
        held({"held": done["left"], "breakers": []}, console)


def resumed(done: dict[str, Any], console: Console) -> None:
    """Print which services read on."""
    console.print(f"Reading: {', '.join(done['resumed'])}.")


def effects(rows: list[dict[str, Any]], console: Console) -> None:
    """Print what does not go out to partners."""
    if not rows:
        console.print("Everything went out.")
        return
    table = _table(
        "For partners, not gone out", "service", "id", "what", "state", "reason", "attempts", "since", "next"
    )
    for row in rows:
        following = (row["retry_at"] or "")[:19] if row["state"] == "failing" else "a person: revcycle effects resend"
        words = row["state"].replace("_", " "), escape(row["reason"]), str(row["attempts"]), row["since"][:19]
        table.add_row(row["service"], row["task_id"], row["name"], *words, following)
    console.print(table)


def effects_in_full(rows: list[dict[str, Any]], console: Console) -> None:
    """Print everything that is known of effects but their contents."""
    for row in rows:
        table = Table(box=box.SIMPLE, show_header=False)
        for name, value in row.items():
            table.add_row(name.replace("_", " "), escape(str(value)))
        console.print(table)
    console.print("Contents are not shown. When the cause is removed: revcycle effects resend ID")


def resent(done: dict[str, Any], console: Console) -> None:
    """Print how many effects go out again."""
    console.print(f"{len(done['resent'])} go out again, each under its own key.")


def _table(title: str, *heads: str, right: int = 99) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place >= right else "left")
    return table
