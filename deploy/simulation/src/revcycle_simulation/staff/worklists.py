"""
Staff: the people at work in a simulation.

They come in on weekday mornings, see only the services' worklists, and act only through the services' own commands.
What they cannot know (a patient's right member id, what the chart says) they ask the front desk and wait for the
answer.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx

from eligibility.domain import identifiers
from revcycle.server.directory import Places, References
from revcycle.server.keyed_concurrency import Deeds
from revcycle.server.outside import Outside
from revcycle.server.system import System
from revcycle_kit.clock import Clock
from revcycle_sandbox import Parcel
from revcycle_simulation.scheduler import ZONE
from revcycle_simulation.staff.choices import Refusals, Step, choose, subject_of_hold, together
from revcycle_simulation.staff.forms import CLAIM_FIELDS, change_of, coding_of

MORNING = time(9)
SATURDAY = 5
ASK_AGAIN = timedelta(days=10)
TRIES_MAX = 3
ERRORS_MAX = 500
Item = dict[str, Any]
NOTHING_KNOWN: Item = {"changes": [], "documented": False, "registration_corrected": False}
"""What the front desk answers about a visit that it has never heard of."""


@dataclass(frozen=True, slots=True)
class Orders:
    """How the staff is told to work, where it should not work as competent people would."""

    coverage_refused: str = "ask"
    """`ask` the front desk, or `release` the claim as it is."""
    rejections_from: date | None = None
    """Rejections lie until this day."""
    denials: dict[str, str] = field(default_factory=dict)
    """By CARC: appeal, correct, write_off, accept, bill_patient, leave."""
    recoveries: tuple[dict[str, Any], ...] = ()
    """What an agency collected: visit, on, collected_cents, fee_cents."""
    alone: bool = False
    """Nobody can be asked: whatever can go out as it is goes out, and each denial is decided by what it says."""


@dataclass(slots=True)
class Question:
    """A question that was asked, and what became of it."""

    item: Item
    kind: str
    at: datetime
    tries: int = 1
    answer: Item | None = None


class Staff:
    """Everybody who works with the system; see the module."""

    def __init__(
        self, system: System, places: Places, references: References, outside: Outside, orders: Orders
    ) -> None:
        self._system = system
        self._places = places
        self._references = references
        self._outside = outside
        self._clock: Clock = system.clock
        self._orders = orders
        self._clients = {name: system.client(name, "staff", **places.grant) for name in system.parts}
        self._asked: dict[str, Question] = {}
        self._recoveries = list(orders.recoveries)
        self._done: set[tuple[str, ...]] = set()
        self._refusals = Refusals()
        self._registered_anew: set[str] = set()
        """Claims about which the front desk put the registration right when it was asked."""
        self._came_on: date | None = None
        self._said = -1
        self.refused: list[str] = []
        """What a service refused them, in its own words."""
        outside.deliver["answer"] = self._hear

    # when they work

    async def work(self) -> bool:
        """Work through the lists, once a weekday morning; True when anything was done."""
        local = self._clock.now().astimezone(ZONE)
        if local.weekday() >= SATURDAY or local.time() < MORNING or self._came_on == local.date():
            return False
        self._came_on = local.date()
        self._said = self._events()
        done = [
            await work_through(local.date())
            for work_through in (self._code, self._release, self._resubmit, self._deny, self._collect)
        ]
        return any(done)

    def next_due(self) -> datetime | None:
        """Return the next morning on which there may be something to do; None while nothing has changed."""
        waiting = any(asked.answer is None and asked.tries < TRIES_MAX for asked in self._asked.values())
        day = self._clock.now().astimezone(ZONE).date()
        later = [recovery["on"] for recovery in self._recoveries]
        if self._orders.rejections_from is not None and self._orders.rejections_from > day:
            later.append(self._orders.rejections_from)
        if self._events() == self._said and not waiting:
            if not later:
                return None
            day = max(day, min(later))
        if self._came_on is not None and self._came_on >= day:
            day = self._came_on + timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return datetime.combine(day, MORNING, ZONE).astimezone(UTC)

    def _events(self) -> int:
        return sum(service.published for service in self._system.runtimes.values())

    async def close(self) -> None:
        """Go home."""
        for client in self._clients.values():
            await client.aclose()

    # what they ask the front desk

    def _ask(self, kind: str, item: Item, key: str, **more: Any) -> None:
        """Ask once, and again after ten days without a way forward."""
        asked, now = self._asked.get(key), self._clock.now()
        if asked is not None and (now - asked.at < ASK_AGAIN or asked.tries >= TRIES_MAX):
            return
        tries = asked.tries + 1 if asked else 1
        self._asked[key] = Question(item, kind, now, tries)
        visit = self._references.visit_of.get(_uuid(item["encounter_id"]))
        if visit is not None:
            self._outside.ask_front_desk(
                {"question_id": f"{key}#{tries}", "visit_number": visit, "about": kind, **more}
            )

    async def _hear(self, parcel: Parcel) -> None:
        told = parcel.body()
        asked = self._asked.get(told["question_id"].rpartition("#")[0])
        if asked is not None:
            asked.answer = told
            asked.at = self._clock.now()
            if told["registration_corrected"]:
                self._registered_anew.add(asked.item.get("claim_id", ""))

    def _answered(self, key: str) -> Item | None:
        asked = self._asked.get(key)
        return asked.answer if asked else NOTHING_KNOWN if self._orders.alone else None

    def _first_time(self, *what: str) -> bool:
        """Tell whether this is done for the first time: what did not help once, helps no more without an answer."""
        new = what not in self._done
        self._done.add(what)
        return new

    # coding

    async def _code(self, today: date) -> bool:
        """Supply the codes that charges lack."""
        did, deeds = False, Deeds()
        if self._orders.alone:
            return False
        async for encounter in self._list("claims", "/v1/coding-worklist"):
            key = f"coding:{encounter['encounter_id']}"
            answer = self._answered(key)
            if answer is None:
                self._ask("coding", encounter, key)
                did = True
            elif answer["changes"]:
                body = coding_of(encounter, answer["changes"])
                path = f"/v1/encounters/{encounter['encounter_id']}/coding"
                deeds.add(encounter["encounter_id"], partial(self._do, "claims", path, f"{key}:{today}", body))
        return await deeds.done() or did

    # claims that are held

    async def _release(self, today: date) -> bool:
        """Put right what holds claims back, or release them with a reason."""
        did, deeds = False, Deeds()
        async for claim in self._list("claims", "/v1/claims?state=held"):
            edits = [finding["edit"] for finding in claim["findings"]]
            about = subject_of_hold(claim["hold_owner"], edits)
            key = f"held:{claim['claim_id']}:{about}"
            if claim["hold_owner"] == "system":
                continue
            if self._orders.alone and not self._first_time(claim["claim_id"], *edits):
                continue
            answer = self._answered(key)
            if self._orders.coverage_refused == "release" or answer is not None:
                found = answer or {"changes": []}
                deeds.add(claim["encounter_id"], partial(self._move_on, claim, edits, found, f"{key}:{today}"))
            else:
                self._ask(about, claim, key, carc="")
                did = True
        return await deeds.done() or did

    async def _move_on(self, claim: Item, edits: list[str], answer: Item, key: str) -> bool:
        """Apply what the front desk found out; what is still held then goes out as it is, with the reason."""
        changes = [self._ours(change) for change in answer["changes"] if change["field"] in CLAIM_FIELDS]
        if changes and self._first_time(claim["claim_id"], "changed", key.rpartition(":")[0]):
            path = f"/v1/claims/{claim['claim_id']}/corrections"
            if await self._do("claims", path, key, {"changes": changes}):
                return True
        if not self._first_time(claim["claim_id"], "released", *edits):
            return False
        path = f"/v1/claims/{claim['claim_id']}/recheck"
        return await self._do("claims", path, f"{key}:release", {"override": edits, "reason": "checked_with_provider"})

    def _ours(self, change: Item) -> Item:
        """Write a change as the claim's API takes it: clinicians by our id, where the clinic tells their NPI."""
        if change["field"] != "rendering_provider_id":
            return change_of(change)
        provider_id = identifiers.provider(self._places.organization_id, change["value"])
        return change_of(change | {"value": str(provider_id)})

    # claims that were turned away at the door

    async def _resubmit(self, today: date) -> bool:
        """Correct rejected claims and send them as new."""
        if self._orders.rejections_from is not None and today < self._orders.rejections_from:
            return False
        did, deeds = False, Deeds()
        async for claim in self._list("claims", "/v1/claims?state=rejected"):
            key = f"rejected:{claim['claim_id']}"
            if self._orders.alone and not self._first_time(claim["encounter_id"], claim["payer_id"], "rejected"):
                continue
            answer = self._answered(key)
            if answer is None:
                self._ask("registration", claim, key)
                did = True
                continue
            changes = [change_of(change) for change in answer["changes"] if change["field"] in CLAIM_FIELDS]
            path = f"/v1/claims/{claim['claim_id']}/corrections"
            deeds.add(claim["encounter_id"], partial(self._do, "claims", path, f"{key}:{today}", {"changes": changes}))
        return await deeds.done() or did

    # denials

    async def _deny(self, today: date) -> bool:
        """Decide on each denial: ask what the chart says, then correct, appeal, or give up."""
        did, decided, waiting = False, [], set()
        async for denial in self._list("denials", "/v1/denials"):
            key = f"denial:{denial['denial_id']}:{denial['claim_id']}:{denial['level']}"
            order = self._orders.denials.get(denial["carc"])
            answer = self._answered(key)
            if order is None and answer is None:
                codes = [denial["code"]] if denial["code"] else []
                line = denial["line_number"]
                self._ask("denial", denial, key, carc=denial["carc"], line_number=line, codes=codes)
                did = True
                waiting.add(denial["claim_id"])
                continue
            if answer is not None and denial["claim_id"] in self._registered_anew:
                answer = answer | {"registration_corrected": True}
            decided.append((denial, self._refusals.learn(denial, choose(denial, answer, order))))
        deeds = Deeds()
        for step in together(each for each in decided if each[0]["claim_id"] not in waiting):
            deeds.add(step.denials[0]["encounter_id"], partial(self._decide, step, today))
        return await deeds.done() or did

    async def _decide(self, step: Step, today: date) -> bool:
        """Do what was chosen; where a service refuses that, each denial for itself, and what else may be done."""
        if await self._act(step, step.choice.deed, today):
            return True
        alone = step.alone()
        first = (step.choice.deed,) if len(alone) > 1 else ()
        return any([await self._any_of(single, (*first, *single.choice.otherwise), today) for single in alone])

    async def _any_of(self, step: Step, deeds: tuple[str, ...], today: date) -> bool:
        for deed in deeds:
            if await self._act(step, deed, today):
                return True
        return False

    async def _act(self, step: Step, deed: str, today: date) -> bool:
        denial_ids = [denial["denial_id"] for denial in step.denials]
        paths: dict[str, tuple[str, Item]] = {
            "appeal": (
                "/v1/appeals",
                {"denial_ids": denial_ids, "argument": step.choice.argument, "signed_by": "Appeals desk"},
            ),
            "correct": (
                "/v1/corrections",
                {"denial_ids": denial_ids, "changes": [change_of(change) for change in step.choice.changes]},
            ),
            "accept": (f"/v1/denials/{denial_ids[0]}/accept", {}),
            "bill_patient": (f"/v1/denials/{denial_ids[0]}/bill-patient", {}),
            "write_off": (f"/v1/denials/{denial_ids[0]}/write-off", {}),
        }
        if deed == "leave":
            return False
        path, body = paths[deed]
        return await self._do("denials", path, f"denial:{step.key}:{today}:{deed}", body)

    # agencies

    async def _collect(self, today: date) -> bool:
        """Enter what agencies collected."""
        due = [recovery for recovery in self._recoveries if recovery["on"] <= today]
        for recovery in due:
            self._recoveries.remove(recovery)
            await self._recover(recovery)
        return bool(due)

    async def _recover(self, told: Item) -> None:
        encounter_id = self._references.encounter_of[told["visit"]]
        for entity_id in self._places.entities.values():
            base = f"/v1/billing-entities/{entity_id}/accounts"
            async for row in self._list("patient_billing", base):
                account = await self._read("patient_billing", f"{base}/{row['account_id']}")
                mine = {balance["encounter_id"] for balance in account["balances"]}
                if str(encounter_id) in mine and account["placements"]:
                    placement = account["placements"][0]["placement_id"]
                    path = f"{base}/{row['account_id']}/placements/{placement}/recoveries"
                    body = {"amount_cents": told["collected_cents"], "fee_cents": told["fee_cents"]}
                    await self._do("patient_billing", path, f"recovery:{told['visit']}:{told['on']}", body)

    # how they reach the services

    async def _list(self, service: str, path: str) -> AsyncIterator[Item]:
        """Give every item of a list, page after page, as it stood when they looked."""
        items, cursor, joint = [], "", "&" if "?" in path else "?"
        while True:
            page = await self._read(service, f"{path}{joint}limit=200" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"] or ""
            if not cursor:
                break
        for item in items:
            yield item

    async def _read(self, service: str, path: str) -> Any:
        answer = await self._clients[service].get(path)
        answer.raise_for_status()
        return answer.json()

    async def _do(self, service: str, path: str, key: str, body: Item) -> bool:
        """Ask a service to do something; what it refuses is noted with its reason."""
        answer = await self._clients[service].post(path, json=body, headers={"Idempotency-Key": key[:128]})
        if answer.is_error:
            self._note(service, path, answer)
        return not answer.is_error

    def _note(self, service: str, path: str, answer: httpx.Response) -> None:
        if len(self.refused) < ERRORS_MAX:
            self.refused.append(f"{service} {path}: {answer.status_code} {answer.text[:300]}")


def _uuid(text: str) -> UUID:
    return UUID(text)
