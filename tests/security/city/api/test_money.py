"""Amounts: whole cents within limits; below zero only where something can be below zero."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
ALL_ROLES = (
    "admin", "administrator", "auditor", "biller", "client", "coder", "front_desk", "intake", "lead", "manager",
    "operator", "payments",
)  # fmt: skip
NO_AMOUNTS: tuple[Any, ...] = (10**16, 10**30, 1.5, "100", True, {"amount": 1}, [])
SIGNED = {
    "claims POST /v1/payments-set-aside/{item_id}/post": "an adjustment of a reversal is below zero (835, CAS)",
}
"""Where an amount below zero is taken, and what it means there."""

Path = tuple[str | int, ...]


def amounts_in(body: Any, path: Path = ()) -> Iterator[Path]:
    """Return the path of every amount in a request."""
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, below in pairs:
        here = (*path, name)
        if isinstance(below, int) and any(str(step).endswith("_cents") for step in here):
            yield here
        yield from amounts_in(below, here)


def replaced(body: Any, path: Path, value: Any) -> Any:
    """Return a copy of a request with another value at a path."""
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def written(path: Path) -> str:
    """Return how a problem names a path."""
    return "body" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_amount_is_taken_that_is_none(
    service: str,
    trial: Callable[..., Any],
    operations: Callable[..., Any],
    full_request: Callable[..., Any],
    issuer: Any,
) -> None:
    """Every field in cents refuses what is no whole number within limits (422, with its place), and below zero too."""
    tried = await trial(service)
    token = issuer.issue("ada", roles=ALL_ROLES, **tried.ours.grant)
    wrong: list[str] = []
    fields = 0
    async with tried.house.client(token) as client:
        for number, operation in enumerate(operations(tried.house)):
            method, url, sent = full_request(operation, tried.known.our_ids)
            for path in amounts_in(sent.get("json")):
                fields += 1
                for at, value in enumerate((-1, *NO_AMOUNTS)):
                    body, key = (
                        replaced(sent["json"], path, value),
                        {"Idempotency-Key": f"{number}.{written(path)}.{at}"},
                    )
                    answer = await client.request(method, url, json=body, headers=key)
                    if answer.is_success and not (value == -1 and operation.name in SIGNED):
                        wrong.append(f"{operation.name}: takes {value!r} as {written(path)}")
                    elif answer.status_code >= 500:
                        wrong.append(f"{operation.name}: {answer.status_code} for {value!r} as {written(path)}")
                    elif value != -1 and written(path) not in answer.text:
                        wrong.append(f"{operation.name}: does not say that {written(path)} is no amount: {answer.text}")
    await tried.house.harness.settle()

    assert [] == wrong
    assert [] == await tried.house.harness.parked()
    assert fields > 0 or service == "analytics"
