"""
How each encounter of an ingest ended, and why: read from the services' own lists, told in one word and a reason.

Every encounter that a message named has exactly one outcome. What none of the rules explains is told as the state
that analytics gives it, with what would have to happen next.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from revcycle.ingest.listing import Lister
from revcycle.ingest.report import Ending

Item = dict[str, Any]
DENIAL_STATES = ("open", "working", "corrected", "appealed", "overturned", "upheld", "resolved")
STOPPED = ("held", "rejected", "information_requested")
REFUSING = frozenset({"denial", "duplicate", "information"})
UNSENT = frozenset({"charges_received", "unbilled"})
RECOVERED = frozenset({"overturned", "corrected", "withdrawn"})
"""Denials that are none any more."""

UNOPENED = {
    "cancelled": ("not_billable", "the visit was cancelled"),
    "expected": ("waiting_for_registration", "charges came; no message registered the visit with its insurance"),
}
"""By the state of the registration."""
UNCHARGED = {
    "registered": ("not_billable", "no charges were sent"),
    "cancelled": ("not_billable", "the visit was cancelled; a later message names it again"),
}
"""By the state of the journey."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What the services say, by encounter."""

    registrations: dict[str, Item] = field(default_factory=dict)
    """eligibility"""
    journeys: dict[str, Item] = field(default_factory=dict)
    """analytics"""
    uncoded: dict[str, Item] = field(default_factory=dict)
    """claims: the coding worklist"""
    stopped: dict[str, list[Item]] = field(default_factory=dict)
    """claims that are held or were turned away"""
    denials: dict[str, list[Item]] = field(default_factory=dict)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    """What payers refused on claims that are still open, by group and CARC, where no denial is worked on"""
    today: str = ""


async def endings_of(spoken_of: Iterable[str], lister: Lister, today: date) -> list[Ending]:
    """Return how every encounter ended: those that messages named, and any other that is registered."""
    lists = await _read(lister, today)
    named = dict.fromkeys([*spoken_of, *lists.registrations])
    return [ending_of(encounter_id, lists) for encounter_id in named]


def ending_of(encounter_id: str, lists: Lists) -> Ending:
    """Say how one encounter ended."""
    outcome, reason = _before_billing(encounter_id, lists) or _billed(encounter_id, lists)
    return Ending(encounter_id, outcome, reason)


def _before_billing(encounter_id: str, lists: Lists) -> tuple[str, str] | None:
    """Return the ending of an encounter of which nothing was billed; None: something was."""
    registration, journey = lists.registrations.get(encounter_id), lists.journeys.get(encounter_id)
    if registration is None:
        return "not_registered", "messages spoke of it, and none of them opens an encounter"
    if registration["state"] in UNOPENED:
        return UNOPENED[registration["state"]]
    if encounter_id in lists.uncoded:
        return "waiting_for_codes", missing_codes(lists.uncoded[encounter_id])
    if journey is None:
        return "unheard", "it is registered, and analytics never heard of it"
    return UNCHARGED.get(journey["state"])


def missing_codes(encounter: Item) -> str:
    """Say in a few words what the coder has to supply."""
    wanted = dict.fromkeys(gap["what"] for gap in encounter["missing"])
    systems = {charge["system"] for charge in encounter["charges"] if charge["system"] not in ("hcpcs", "revenue")}
    came = ", ".join(sorted(systems | set(encounter["unmapped"])))
    return f"missing: {', '.join(wanted)}" + (f" (received as {came})" if came else "")


def _billed(encounter_id: str, lists: Lists) -> tuple[str, str]:
    journey, denials = lists.journeys[encounter_id], lists.denials.get(encounter_id, [])
    money, state = journey["money_cents"], journey["state"]
    if state == "closed":
        return _closed(money, denials)
    if stopped := lists.stopped.get(encounter_id):
        return _stopped(stopped)
    if state == "denied":
        return "denied", f"{_names(denials)}: still being worked on"
    if refused := lists.refusals.get(encounter_id):
        return "denied", ", ".join(refused)
    if state in UNSENT and (journey["service_on"] or "") >= lists.today:
        return "not_due", f"the day of service, {journey['service_on']}, is not over"
    return state, journey["next_step"]


def _closed(money: Item, denials: list[Item]) -> tuple[str, str]:
    standing = [denial for denial in denials if denial["outcome"] not in RECOVERED]
    if money["charged"] == 0:
        return "not_billable", "every charge was taken back"
    if money["insurance_paid"] > 0:
        return "paid", f"by the payer; refused in part: {_names(standing)}" if standing else "by the payer"
    if standing:
        return "denied", _names(standing)
    if money["patient_paid"] > 0:
        return "paid", "by the patient: no payer owes anything of it"
    return "written_off", "nothing was paid, and nothing is left to collect"


def _names(denials: list[Item]) -> str:
    """Name denials by group, CARC and category, each once."""
    return ", ".join(sorted({f"{denial['group']}-{denial['carc']} {denial['category']}" for denial in denials}))


def _stopped(claims: list[Item]) -> tuple[str, str]:
    outcome = "claim_rejected" if claims[0]["state"] == "rejected" else "claim_held"
    rules = sorted({_rule(finding) for claim in claims for finding in claim["findings"]})
    return outcome, "; ".join(rules) or claims[0]["state"]


def _rule(finding: Item) -> str:
    return f"{finding['edit']}: {finding['rule']}" if finding["edit"] == "x12" else str(finding["edit"])


async def _read(lister: Lister, today: date) -> Lists:
    lists = Lists(today=today.isoformat())
    for clinic_id in lister.places.clinics.values():
        for joint in ("", "?waiting=true"):
            async for each in lister.all("eligibility", f"/v1/clinics/{clinic_id}/encounters{joint}"):
                lists.registrations[each["encounter_id"]] = each
    async for encounter in lister.all("analytics", "/v1/encounters"):
        lists.journeys[encounter["encounter_id"]] = encounter
    async for each in lister.all("claims", "/v1/coding-worklist"):
        lists.uncoded[each["encounter_id"]] = each
    lists.stopped.update(await _grouped(lister, "claims", "/v1/claims", STOPPED))
    lists.denials.update(await _grouped(lister, "denials", "/v1/denials", DENIAL_STATES))
    for denial in [each for grouped in lists.denials.values() for each in grouped]:
        denial["outcome"] = (await lister.read("denials", f"/v1/denials/{denial['denial_id']}"))["outcome"]
    for journey in lists.journeys.values():
        if journey["state"] == "answered":
            lists.refusals[journey["encounter_id"]] = await _refused(journey["encounter_id"], lister)
    return lists


async def _refused(encounter_id: str, lister: Lister) -> list[str]:
    """Name what the last decision on each claim of an encounter refused."""
    named: set[str] = set()
    async for item in lister.all("claims", f"/v1/claims?encounter_id={encounter_id}"):
        claim = await lister.read("claims", f"/v1/claims/{item['claim_id']}")
        for decision in claim["decisions"][-1:]:
            adjustments = [adjustment for line in decision["lines"] for adjustment in line["adjustments"]]
            named |= {
                f"{adjustment['group']}-{adjustment['carc']} {adjustment['meaning']}"
                for adjustment in adjustments
                if adjustment["meaning"] in REFUSING
            }
    return sorted(named)


async def _grouped(lister: Lister, service: str, path: str, states: tuple[str, ...]) -> dict[str, list[Item]]:
    grouped: dict[str, list[Item]] = defaultdict(list)
    asked = "&".join(f"state={state}" for state in states)
    async for each in lister.all(service, f"{path}?{asked}"):
        grouped[each["encounter_id"]].append(each)
    return grouped
