"""What a guarantor reads: one story in three forms."""

import json
from datetime import date
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import pytest

from patient_billing.consumed import Address, EncounterIdentity, Person
from patient_billing.domain.addressee import Addressee
from patient_billing.domain.balance import BalanceLine, EncounterBalance
from patient_billing.domain.statement import Statement, statement_item
from patient_billing.handlers.addressees import addressee_of
from patient_billing.letters.page import statement_page
from patient_billing.letters.pdf import statement_pdf
from patient_billing.letters.text import statement_text
from patient_billing.letters.words import Words, statement_words
from patient_billing.messages import Sender
from patient_billing.partners.mail import HttpMail
from revcycle_kit.errors import Refusal, Unavailable
from revcycle_kit.money import Cents

ENCOUNTER = UUID(int=1)


@pytest.fixture
def words() -> Words:
    """Say a final statement over 66.00 to somebody whose name needs escaping."""
    line = BalanceLine(
        1, "99213", date(2026, 2, 20), Cents(250_00), Cents(104_00), Cents(70_00), Cents(50_00), Cents(26_00)
    )
    balance = EncounterBalance(
        ENCOUNTER,
        UUID(int=9),
        date(2026, 2, 20),
        (line,),
        transferred_cents=Cents(76_00),
        applied_cents=Cents(10_00),
    )
    item = statement_item(balance)
    statement = Statement(
        UUID(int=5), UUID(int=6), UUID(int=7), 4, date(2026, 6, 2), date(2026, 6, 23), (item,), date(2026, 7, 2)
    )
    addressee = Addressee(name="Alex <b>Example</b>", address=("9 Elm Street",), patient="Robin Example")
    return statement_words(statement, Sender(name="Lakeside & Sons", phone="218-555-0100"), {ENCOUNTER: addressee})


class Outline(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop(), "tags are nested"

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_row_of_a_visit_adds_up_to_what_is_due(words: Words) -> None:
    [section] = words.sections
    assert [("Your share of this visit", "$76.00"), ("You paid", "-$10.00"), ("Due now for this visit", "$66.00")] == [
        (row.label, row.amount) for row in section.rows
    ]
    assert ("$250.00", "$104.00", "$70.00", "$50.00", "$26.00", "$0.00", "$0.00", "$76.00") == section.lines[0][1:]


def test_the_page_is_well_formed_accessible_and_escapes_names(words: Words) -> None:
    page = Outline()
    page.feed(statement_page(words))

    assert [] == page.open
    kinds = [tag for tag, _ in page.tags]
    assert {"main", "h1", "caption", "thead"} <= set(kinds)
    assert {"script", "img", "b"}.isdisjoint(kinds)
    assert ("html", {"lang": "en"}) in page.tags
    assert all(attrs.get("scope") in {"row", "col"} for tag, attrs in page.tags if tag == "th")
    assert "Alex <b>Example</b>" in page.text
    assert "$66.00" in page.text


def test_the_final_notice_names_its_day_and_the_ways_out(words: Words) -> None:
    text = statement_text(words)
    assert "Final notice: if we do not hear from you by July 2, 2026" in text
    assert "financial help" in text
    assert "good faith estimate" not in text, "an insured patient has no good-faith estimate"


def test_the_same_words_give_the_same_pdf(words: Words) -> None:
    assert statement_pdf(words) == statement_pdf(words)
    assert statement_pdf(words).startswith(b"%PDF-")


def test_the_patient_is_written_to_where_nobody_else_guarantees_payment() -> None:
    home = Address(line1="9 Elm Street", city="Duluth", state="MN", postal_code="55803")
    alone = addressee_of(EncounterIdentity(patient=Person(family="Example", given="Robin", address=home)))
    assert ("Robin Example", ("9 Elm Street", "Duluth, MN 55803")) == (alone.name, alone.address)


async def test_the_mail_vendor_gets_cover_document_and_key() -> None:
    taken: list[httpx.Request] = []

    def shop(request: httpx.Request) -> httpx.Response:
        taken.append(request)
        return httpx.Response(202)

    mail = HttpMail("https://letters.example/v1", transport=httpx.MockTransport(shop))
    await mail.deliver(b"%PDF-", b'{"number":1}', "statement-1")

    [request] = taken
    body: dict[str, Any] = json.loads(request.content)
    assert ("statement-1", '{"number":1}') == (request.headers["Idempotency-Key"], body["cover"])


@pytest.mark.parametrize(("status", "failure"), [(503, Unavailable), (429, Unavailable), (400, Refusal)])
async def test_a_mail_vendor_that_is_down_is_asked_again_and_one_that_refuses_is_named(
    status: int, failure: type[Exception]
) -> None:
    mail = HttpMail("https://letters.example/v1", transport=httpx.MockTransport(lambda _: httpx.Response(status)))
    with pytest.raises(failure, match="mail vendor"):
        await mail.deliver(b"x", b"{}", "k")
