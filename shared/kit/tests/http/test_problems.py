"""Problems: every error says what is wrong and what to do, and repeats nothing that was sent."""

from typing import Any

import httpx
import pytest

ORDER: dict[str, Any] = {"lines": [{"charged_cents": 12_000}]}
KEY = {"Idempotency-Key": "order-1"}
CANARY = "Zyxwv Canary"
Flaws = dict[str, tuple[str, str]]


def _problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (status, status, "application/problem+json") == (
        answer.status_code,
        body["status"],
        answer.headers["Content-Type"],
    )
    assert answer.headers["X-Correlation-Id"] == body["correlation_id"]
    assert {"type", "title", "status", "detail", "correlation_id"} <= set(body)
    return body


def _flaws(answer: httpx.Response) -> Flaws:
    return {flaw["where"]: (flaw["what"], flaw["fix"]) for flaw in _problem(answer, 422)["errors"]}


@pytest.mark.parametrize(
    ("kind", "status", "slug"),
    [
        ("refusal", 422, "refused"),
        ("conflict", 409, "conflict"),
        ("reused", 422, "idempotency-key-reused"),
        ("not-yet", 409, "not-yet"),
        ("unavailable", 503, "service-unavailable"),
        ("destroyed", 410, "erased"),
        ("altered", 500, "internal-server-error"),
        ("bug", 500, "internal-server-error"),
    ],
)
async def test_each_kind_of_failure_is_its_own_problem(
    biller: httpx.AsyncClient, kind: str, status: int, slug: str
) -> None:
    body = _problem(await biller.get(f"/v1/outcomes/{kind}"), status)
    assert f"urn:revcycle:problem:{slug}" == body["type"]


async def test_a_refusal_names_what_is_wrong_where_and_what_to_do(biller: httpx.AsyncClient) -> None:
    body = _problem(await biller.get("/v1/outcomes/refusal"), 422)
    assert "The claim has no diagnosis. Add at least one." == body["detail"]
    assert [{"where": "claim.diagnoses", "what": "The claim has no diagnosis.", "fix": "Add at least one."}] == body[
        "errors"
    ]


async def test_an_unexpected_error_shows_neither_its_text_nor_a_stack(biller: httpx.AsyncClient) -> None:
    answer = await biller.get("/v1/outcomes/bug")
    assert "correlation id" in _problem(answer, 500)["detail"]
    assert not any(word in answer.text for word in ("Canary", "LookupError", "Traceback", ".py"))


@pytest.mark.parametrize("kind", ["not-yet", "unavailable"])
async def test_what_passes_by_itself_says_when_to_try_again(biller: httpx.AsyncClient, kind: str) -> None:
    assert int((await biller.get(f"/v1/outcomes/{kind}")).headers["Retry-After"]) > 0


async def test_an_unknown_address_and_a_wrong_method_are_problems(biller: httpx.AsyncClient) -> None:
    assert "There is nothing at this address" in _problem(await biller.get("/v1/nothing"), 404)["detail"]
    answer = await biller.delete("/v1/orders")
    assert "POST" == answer.headers["Allow"]
    _problem(answer, 405)


async def test_the_trace_method_is_off(biller: httpx.AsyncClient) -> None:
    _problem(await biller.request("TRACE", "/v1/orders"), 405)


CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a missing field": ({}, "body.lines", "This field is required.", "Send it."),
    "an unknown field": ({**ORDER, "paid": 1}, "body.paid", "This is not a field", "Remove it"),
    "an empty list": ({"lines": []}, "body.lines", "too short", "at least 1"),
    "a long list": ({"lines": [{"charged_cents": 1}] * 4}, "body.lines", "too long", "at most 3"),
    "a negative amount": ({"lines": [{"charged_cents": -5}]}, "body.lines[0].charged_cents", "small", "more than 0"),
    "a fraction": ({"lines": [{"charged_cents": 1.5}]}, "body.lines[0].charged_cents", "whole number", "whole"),
    "a text": ({"lines": [{"charged_cents": CANARY}]}, "body.lines[0].charged_cents", "whole number", "whole"),
    "an unknown value": ({"lines": [{"charged_cents": 1, "kind": CANARY}]}, "body.lines[0].kind", "one of", "'pro"),
    "a long text": ({**ORDER, "note": CANARY * 2}, "body.note", "too long", "at most 10"),
    "a list for an object": ({"lines": [[CANARY]]}, "body.lines[0]", "not an object", "Send an object"),
    "an unknown name": ({**ORDER, CANARY: 1}, "body.(name withheld)", "not a field", "Remove it"),
}


@pytest.mark.parametrize(("body", "where", "what", "fix"), CASES.values(), ids=CASES)
async def test_an_invalid_request_names_each_field_and_its_cure_without_the_value(
    biller: httpx.AsyncClient, body: dict[str, Any], where: str, what: str, fix: str
) -> None:
    answer = await biller.post("/v1/orders", json=body, headers=KEY)
    found = _flaws(answer)[where]
    assert what in found[0]
    assert fix in found[1]
    assert "Canary" not in answer.text


async def test_all_flaws_are_named_at_once(biller: httpx.AsyncClient) -> None:
    body = {"lines": [{}, {"charged_cents": 0}], "note": "x" * 11}
    answer = await biller.post("/v1/orders", json=body, headers=KEY)
    assert {"body.lines[0].charged_cents", "body.lines[1].charged_cents", "body.note"} == set(_flaws(answer))
    assert answer.json()["detail"].startswith("3 things are wrong")


async def test_flaws_without_end_are_cut(biller: httpx.AsyncClient) -> None:
    body = {f"a{n}": 1 for n in range(100)}
    assert 50 == len(_flaws(await biller.post("/v1/orders", json=body, headers=KEY)))


async def test_an_id_in_the_path_that_is_no_uuid_is_named_without_being_repeated(biller: httpx.AsyncClient) -> None:
    answer = await biller.get("/v1/clinics/Canary-1")
    assert "This is not a UUID." == _flaws(answer)["path.clinic_id"][0]
    assert "Canary" not in answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b'{"lines": [}', 422),
        (b"[" * 1_900, 400),
        (b'{"lines": [{"charged_cents": ' + b"9" * 1_900 + b"}]}", 422),
        (b'{"lines": [{"charged_cents": NaN}]}', 422),
        (b'"\xff"', 400),
        (b"null", 422),
        (b"", 422),
    ],
)
async def test_a_hostile_body_is_a_problem(biller: httpx.AsyncClient, content: bytes, status: int) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    _problem(await biller.post("/v1/orders", content=content, headers=headers), status)


async def test_another_media_type_is_a_problem(biller: httpx.AsyncClient) -> None:
    answer = await biller.post("/v1/orders", content=b"<x/>", headers={**KEY, "Content-Type": "text/xml"})
    assert "application/json" in _flaws(answer)["body"][1]


async def test_a_text_that_no_database_keeps_is_refused_where_it_stands(biller: httpx.AsyncClient) -> None:
    told = await biller.post("/v1/orders", json={**ORDER, "note": "a\x00b"}, headers=KEY)
    assert {"body.note": ("A text holds U+0000, which cannot be kept.", "Remove it.")} == _flaws(told)

    asked = await biller.get("/v1/rows", params={"cursor": "a\x00"})
    assert ["query.cursor"] == list(_flaws(asked))

    found = await biller.get("/v1/outcomes/bug%00")
    assert ["path.kind"] == list(_flaws(found))


async def test_six_characters_that_only_look_like_it_are_text(biller: httpx.AsyncClient) -> None:
    answer = await biller.post("/v1/orders", json={**ORDER, "note": "a\\u0000b"}, headers=KEY)
    assert 201 == answer.status_code


@pytest.mark.parametrize(("kind", "status"), [("not-kept", 422), ("not-kept-read", 422), ("driver", 500)])
async def test_what_a_database_refused_as_text_is_the_caller_s_to_correct(
    biller: httpx.AsyncClient, kind: str, status: int
) -> None:
    _problem(await biller.get(f"/v1/outcomes/{kind}"), status)
