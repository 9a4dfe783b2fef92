"""Sound files to start from, written by the library itself, and a way to damage them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from revcycle_x12 import Envelope, write
from revcycle_x12 import professional as p837
from revcycle_x12 import remittance as r835
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, Gender, PayerSequence, PaymentMethod
from revcycle_x12.validate import codes

NOON = datetime(2026, 1, 6, 12, 0)  # noqa: DTZ001 (X12 times name no zone)
NPI = "1234567893"
DESK: dict[str, Any] = {"contact_name": "DESK", "contact_qualifier": "TE", "contact_number": "5555550100"}
HOME: dict[str, Any] = {"address": "2 OAK ST", "city": "ALBANY", "state": "NY", "postal_code": "122071234"}


@pytest.fixture(scope="session")
def envelope() -> Callable[..., Envelope]:
    """An envelope; any of its fields can be given."""

    def make(**more: Any) -> Envelope:
        standing: dict[str, Any] = {
            "sender_id": "ACME",
            "receiver_id": "HUB",
            "control_number": 7,
            "created_at": NOON,
            "is_test": False,
        }
        return Envelope(**(standing | more))

    return make


@pytest.fixture(scope="session")
def service_line() -> Callable[..., p837.ServiceLine]:
    """A line of 125.50; any of its fields can be given."""

    def make(**more: Any) -> p837.ServiceLine:
        standing: dict[str, Any] = {
            "procedure": p837.Procedure("G0463", ("25",)),
            "charge_cents": 125_50,
            "quantity": "1",
            "served": date(2026, 1, 5),
            "control_number": "L1",
            "diagnosis_pointers": [1],
        }
        return p837.ServiceLine(**(standing | more))

    return make


@pytest.fixture(scope="session")
def claim(service_line: Callable[..., p837.ServiceLine]) -> Callable[..., p837.Claim]:
    """A claim of one line; any of its fields can be given."""

    def make(**more: Any) -> p837.Claim:
        standing: dict[str, Any] = {
            "control_number": "ENC1",
            "charge_cents": 125_50,
            "place_of_service": "11",
            "frequency": "1",
            "provider_signature": "Y",
            "accepts_assignment": "A",
            "benefits_assigned": "Y",
            "release_of_information": "Y",
            "diagnoses": [p837.HealthCode("E119"), p837.HealthCode("I10")],
        }
        if "service_lines" not in more:
            standing["service_lines"] = [service_line()]
        return p837.Claim(**(standing | more))

    return make


@pytest.fixture(scope="session")
def subscriber() -> Callable[..., p837.Subscriber]:
    """A subscriber who is the patient; any of the fields can be given."""

    def make(**more: Any) -> p837.Subscriber:
        person = p837.Person(
            last_name="DOE", first_name="JANE", id="M1", born_on=date(1980, 2, 3), gender=Gender.FEMALE, **HOME
        )
        standing: dict[str, Any] = {
            "sequence": PayerSequence.PRIMARY,
            "relationship": "18",
            "filing_indicator": "CI",
            "person": person,
            "payer": p837.Payer(last_name="PLAN", id="P1"),
        }
        return p837.Subscriber(**(standing | more))

    return make


@pytest.fixture(scope="session")
def batch() -> Callable[..., p837.ProfessionalClaims]:
    """An 837P of one billing provider with these subscribers."""

    def make(*subscribers: p837.Subscriber) -> p837.ProfessionalClaims:
        provider = p837.BillingProvider(
            taxonomy="207Q00000X",
            tax_id="123456789",
            provider=p837.Provider(last_name="CLINIC", id=NPI, **HOME),
            subscribers=list(subscribers),
        )
        return p837.ProfessionalClaims(
            reference="B1",
            created_at=NOON,
            submitter=p837.Submitter(last_name="ACME BILLING", id="ACME", **DESK),
            receiver=p837.Receiver(last_name="HUB", id="HUB"),
            billing_providers=[provider],
        )

    return make


@pytest.fixture(scope="session")
def claim_file(
    envelope: Callable[..., Envelope],
    batch: Callable[..., p837.ProfessionalClaims],
    subscriber: Callable[..., p837.Subscriber],
    claim: Callable[..., p837.Claim],
) -> Callable[..., str]:
    """An 837P file as text, a segment a line: the claims given, or one sound claim."""

    def make(*claims: p837.Claim) -> str:
        return write(envelope(line_end="\n"), [batch(subscriber(claims=list(claims) or [claim()]))]).decode()

    return make


@pytest.fixture(scope="session")
def service_payment() -> Callable[..., r835.ServicePayment]:
    """A line of 125.50: 105.00 paid, 20.50 copay; any of the fields can be given."""

    def make(**more: Any) -> r835.ServicePayment:
        standing: dict[str, Any] = {
            "procedure": r835.Procedure("G0463", ("25",)),
            "charge_cents": 125_50,
            "paid_cents": 105_00,
            "units_paid": "1",
            "served_on": date(2026, 1, 5),
            "adjustments": [r835.Adjustment(AdjustmentGroup.PATIENT, "3", 20_50)],
            "control_number": "L1",
            "allowed_cents": 125_50,
        }
        return r835.ServicePayment(**(standing | more))

    return make


@pytest.fixture(scope="session")
def claim_payment(service_payment: Callable[..., r835.ServicePayment]) -> Callable[..., r835.ClaimPayment]:
    """A claim of one such line; any of the fields can be given."""

    def make(**more: Any) -> r835.ClaimPayment:
        standing: dict[str, Any] = {
            "control_number": "ENC1",
            "status": ClaimStatus.PRIMARY,
            "charge_cents": 125_50,
            "paid_cents": 105_00,
            "patient_responsibility_cents": 20_50,
            "filing_indicator": "12",
            "payer_control_number": "ICN1",
            "patient_last_name": "DOE",
            "patient_first_name": "JANE",
        }
        if "service_lines" not in more:
            standing["service_lines"] = [service_payment()]
        return r835.ClaimPayment(**(standing | more))

    return make


@pytest.fixture(scope="session")
def remittance() -> Callable[..., r835.Remittance]:
    """An 835 by check with these claim payments; `paid_cents` and other fields can be given."""

    def make(*payments: r835.ClaimPayment, **more: Any) -> r835.Remittance:
        contact = {f"technical_{name}": value for name, value in DESK.items()}
        standing: dict[str, Any] = {
            "paid_cents": sum(payment.paid_cents for payment in payments),
            "method": PaymentMethod.CHECK,
            "paid_on": date(2026, 1, 20),
            "trace_number": "CHECK1",
            "payer_tax_id": "1123456789",
            "payer": r835.Payer(name="PLAN", **HOME, **contact),
            "payee": r835.Payee(name="CLINIC", id_qualifier="XX", id=NPI, tax_id="123456789"),
            "groups": [r835.ClaimGroup(claims=list(payments))] if payments else [],
        }
        return r835.Remittance(**(standing | more))

    return make


@pytest.fixture(scope="session")
def remittance_file(
    envelope: Callable[..., Envelope],
    remittance: Callable[..., r835.Remittance],
    claim_payment: Callable[..., r835.ClaimPayment],
) -> Callable[..., str]:
    """An 835 file as text, a segment a line: the payments given, or one sound payment."""

    def make(*payments: r835.ClaimPayment, **more: Any) -> str:
        found = payments or (claim_payment(),)
        return write(envelope(line_end="\n"), [remittance(*found, **more)]).decode()

    return make


@pytest.fixture(scope="session")
def enveloped() -> Callable[[str, str, str], bytes]:
    """Put the segments of one set, a line each and without SE, into a group of this kind and version."""

    def make(kind: str, version: str, lines: str) -> bytes:
        body = [line.strip() for line in lines.split("\n") if line.strip()]
        isa = (
            "ISA*00*          *00*          *ZZ*RIDGE PLAN     *ZZ*HILLSIDE       *261103*0800*^*00501*000000052*0*P*:"
        )
        head = [isa, f"GS*{kind}*RIDGE*HILLSIDE*20261103*0800*52*X*{version}"]
        tail = [f"SE*{len(body) + 1}*{body[0].split('*')[2]}", "GE*1*52", "IEA*1*000000052"]
        return "".join(f"{segment}~\n" for segment in (*head, *body, *tail)).encode()

    return make


@pytest.fixture(scope="session")
def recount() -> Callable[[str], str]:
    """Set SE01 right after segments were put in or taken out."""

    def make(text: str) -> str:
        counted, lines = 0, []
        for line in text.split("\n"):
            counted = 1 if line.startswith("ST*") else counted + 1
            lines.append(f"SE*{counted}*{line.split('*')[2]}" if line.startswith("SE*") else line)
        return "\n".join(lines)

    return make


@pytest.fixture(autouse=True)
def own_code_sets() -> Iterator[None]:
    """Give back the code sets of the process: a test or an example that loads one speaks for itself only."""
    before = dict(codes._sets)
    yield
    codes._sets.clear()
    codes._sets.update(before)
