"""Pages: reading on to the end gives every row once, and a cursor cannot be made up."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revcycle_kit.errors import Refusal
from revcycle_kit.http import Cursor, PageRequest

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID = UUID("0199a0c0-0000-7000-8000-00000000000a")
SIGNED = Cursor("claims", tuple[datetime, UUID], key=b"k" * 32)
PLAIN = Cursor("claims", tuple[datetime, UUID])


@pytest.mark.parametrize("limit", [1, 3, 5, 9, 10, 11])
async def test_reading_on_gives_every_row_once_in_order(biller: httpx.AsyncClient, limit: int) -> None:
    rows: list[int] = []
    cursor: str | None = None
    for _ in range(12):
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        page = (await biller.get("/v1/rows", params=query)).json()
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert list(range(10)) == rows


@pytest.mark.parametrize(("limit", "fix"), [("0", "at least 1"), ("201", "at most 200"), ("x", "whole number")])
async def test_the_number_of_rows_has_limits(biller: httpx.AsyncClient, limit: str, fix: str) -> None:
    answer = await biller.get("/v1/rows", params={"limit": limit})
    [flaw] = answer.json()["errors"]
    assert (422, "query.limit") == (answer.status_code, flaw["where"])
    assert fix in flaw["fix"]


@pytest.mark.parametrize("cursor", ["x", "", "%%%", "W10", "é", "A" * 999])
async def test_a_made_up_cursor_is_refused_and_says_what_to_do(biller: httpx.AsyncClient, cursor: str) -> None:
    answer = await biller.get("/v1/rows", params={"cursor": cursor})
    [flaw] = answer.json()["errors"]
    assert (422, "query.cursor", "Start again without it.") == (answer.status_code, flaw["where"], flaw["fix"])


@pytest.mark.parametrize("cursor", [SIGNED, PLAIN], ids=["signed", "plain"])
def test_a_cursor_reads_back_what_was_written(cursor: Cursor[tuple[datetime, UUID]]) -> None:
    assert (AT, ID) == cursor.read(cursor.write((AT, ID)))
    assert cursor.read(None) is None


def test_a_cursor_of_another_list_or_another_key_is_refused() -> None:
    text = SIGNED.write((AT, ID))
    others = [
        Cursor("remittances", tuple[datetime, UUID], key=b"k" * 32),
        Cursor("claims", tuple[datetime, UUID], key=b"j" * 32),
        PLAIN,
    ]
    for other in others:
        with pytest.raises(Refusal, match="not one we gave"):
            other.read(text)


@given(st.integers(0, 200), st.integers(0, 7))
def test_a_signed_cursor_cannot_be_changed(position: int, bit: int) -> None:
    text = bytearray(SIGNED.write((AT, ID)).encode())
    text[position % (len(text) - 1)] ^= 1 << bit
    with pytest.raises(Refusal, match="not one we gave"):
        SIGNED.read(text.decode("latin-1"))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_another_error(text: str) -> None:
    for cursor in (SIGNED, PLAIN):
        with pytest.raises(Refusal):
            cursor.read(text)


def test_the_types_of_the_sort_keys_are_checked() -> None:
    text = Cursor("claims", tuple[str, str]).write(("not a time", "not an id"))
    with pytest.raises(Refusal):
        PLAIN.read(text)


def test_the_last_page_has_no_next_one() -> None:
    numbers = Cursor("numbers", tuple[int])
    page = numbers.page([1, 2], PageRequest(limit=2), item=str, after=lambda row: (row,))
    more = numbers.page([1, 2, 3], PageRequest(limit=2), item=str, after=lambda row: (row,))
    assert (["1", "2"], None) == (page.items, page.next_cursor)
    assert (2,) == numbers.read(more.next_cursor)
