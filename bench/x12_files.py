"""Generated 835 and 837P of any size: the same bytes at every run, sound to all validators that have the guides."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from revcycle_x12 import Envelope, write
from revcycle_x12 import professional as p837
from revcycle_x12 import remittance as r835
from revcycle_x12.codes import AdjustmentGroup, ClaimStatus, Gender, PayerSequence, PaymentMethod

CLAIMS_PER_SET = 5000
"""What the guides advise as the most claims of one transaction set."""
_NOON = datetime(2026, 8, 6, 12, 0, tzinfo=UTC)
_ENVELOPE = Envelope(sender_id="ACME", receiver_id="HUB", control_number=7, created_at=_NOON, is_test=True)
_SYLLABLES = ["BA", "DO", "FI", "GU", "KE", "LA", "MO", "NI", "PE", "RU", "SA", "TO", "VE", "WI"]
_CODES = ["G0463", "G0438", "G0439", "G0444", "J1885", "J3420", "Q0091", "G0008", "G0009", "G0105"]
_MODIFIERS = ["25", "59", "LT", "RT", "GT", "KX"]
_DIAGNOSES = ["E119", "I10", "M545", "J069", "Z0000", "R519", "N390", "E785", "F411", "K219", "M25561", "G4733"]
_CITIES = [("ALBANY", "NY", "12207"), ("TROY", "NY", "12180"), ("AUSTIN", "TX", "78701"), ("BOISE", "ID", "83702")]
_NPIS = ["1234567893", "1245319599", "1679576722", "1003000126"]
_PLACE = "K0000"
"""Every control number of a set begins so; copies of the set have their own number instead."""


def file_of(kind: str, size_mb: float, folder: Path) -> Path:
    """Give the file of that kind (835 or 837) and size, made where it is missing."""
    path = folder / f"{kind}-{size_mb:g}mb.x12"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as out:
            out.writelines(_interchange(kind, int(size_mb * 1_000_000)))
        unfinished.rename(path)
    return path


def transaction(kind: str, claims: int, seed: int = 0) -> p837.ProfessionalClaims | r835.Remittance:
    """Build one transaction set of so many claims."""
    dice = random.Random(seed)  # noqa: S311 (the same bytes at every run are the point)
    return _claims(dice, claims) if kind == "837" else _remittance(dice, claims)


def _interchange(kind: str, size: int) -> Iterator[bytes]:
    """Write copies of one set under numbers of their own, and a last one of as many claims as make the size."""
    head, body, _ = _parts(kind, CLAIMS_PER_SET)
    copies = size // len(body)
    yield head
    for number in range(1, copies + 1):
        yield _numbered(body, number)
    rest = (size - copies * len(body)) * CLAIMS_PER_SET // len(body)
    if rest or not copies:
        _, body, _ = _parts(kind, max(rest, 1))
        copies += 1
        yield _numbered(body, copies)
    yield b"GE*%d*7~IEA*1*000000007~" % copies


def _parts(kind: str, claims: int) -> tuple[bytes, bytes, bytes]:
    """One interchange as its head (ISA, GS), its set (ST to SE) and its end."""
    data = write(_ENVELOPE, [transaction(kind, claims)])
    begins, ends = data.index(b"ST*"), data.index(b"GE*")
    return data[:begins], data[begins:ends], data[ends:]


def _numbered(body: bytes, number: int) -> bytes:
    text = body.replace(_PLACE.encode(), b"K%04d" % number)
    text = re.sub(rb"\AST\*(\d+)\*\d+", rb"ST*\1*%04d" % number, text)
    return re.sub(rb"SE\*(\d+)\*\d+~\Z", rb"SE*\1*%04d~" % number, text)


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=3))


def _day(dice: random.Random) -> date:
    return date(2026, 1, 1) + timedelta(dice.randrange(200))


def _procedure(dice: random.Random) -> p837.Procedure:
    return p837.Procedure(dice.choice(_CODES), tuple(dice.sample(_MODIFIERS, dice.choice([0, 0, 1, 1, 2]))))


def _home(dice: random.Random) -> dict[str, Any]:
    city, state, postal_code = dice.choice(_CITIES)
    street = f"{dice.randrange(1, 9999)} {_name(dice)} ST"
    return {"address": street, "city": city, "state": state, "postal_code": f"{postal_code}1234"}


# -- 837P --------------------------------------------------------------------------------------------------------------


def _claims(dice: random.Random, claims: int) -> p837.ProfessionalClaims:
    subscribers = [_subscriber(dice, number) for number in range(claims)]
    provider = p837.BillingProvider(
        taxonomy="207Q00000X",
        tax_id="123456789",
        provider=p837.Provider(last_name="CLINIC", id=_NPIS[0], **_home(dice)),
        subscribers=subscribers,
    )
    submitter = p837.Submitter(
        last_name="ACME BILLING",
        id="ACME",
        contact_name="DESK",
        contact_qualifier="TE",
        contact_number="5555550100",
    )
    return p837.ProfessionalClaims(
        reference=_PLACE,
        created_at=_NOON,
        submitter=submitter,
        receiver=p837.Receiver(last_name="HUB", id="HUB"),
        billing_providers=[provider],
    )


def _subscriber(dice: random.Random, number: int) -> p837.Subscriber:
    person = p837.Person(
        last_name=_name(dice),
        first_name=_name(dice),
        id=f"{dice.randrange(10**9):09d}A",
        born_on=date(1940, 1, 1) + timedelta(dice.randrange(25_000)),
        gender=dice.choice([Gender.FEMALE, Gender.MALE]),
        **_home(dice),
    )
    return p837.Subscriber(
        sequence=PayerSequence.PRIMARY,
        relationship="18",
        filing_indicator="CI",
        person=person,
        payer=p837.Payer(last_name="PLAN", id="P1"),
        claims=[_claim(dice, number)],
    )


def _claim(dice: random.Random, number: int) -> p837.Claim:
    diagnoses = dice.sample(_DIAGNOSES, dice.randint(1, 4))
    lines = [_service_line(dice, place, len(diagnoses)) for place in range(1, 5)]
    return p837.Claim(
        control_number=f"{_PLACE}C{number:06d}",
        charge_cents=sum(line.charge_cents for line in lines),
        place_of_service="11",
        frequency="1",
        provider_signature="Y",
        accepts_assignment="A",
        benefits_assigned="Y",
        release_of_information="Y",
        diagnoses=[p837.HealthCode(code) for code in diagnoses],
        rendering_provider=p837.Provider(
            last_name=_name(dice), first_name=_name(dice), id=dice.choice(_NPIS), taxonomy="207Q00000X"
        ),
        service_lines=lines,
    )


def _service_line(dice: random.Random, place: int, diagnoses: int) -> p837.ServiceLine:
    return p837.ServiceLine(
        procedure=_procedure(dice),
        charge_cents=dice.randrange(1_000, 90_000),
        quantity=str(dice.choice([1, 1, 1, 2, 3])),
        served=_day(dice),
        control_number=f"L{place}",
        diagnosis_pointers=[dice.randint(1, diagnoses)],
    )


# -- 835 ---------------------------------------------------------------------------------------------------------------


def _remittance(dice: random.Random, claims: int) -> r835.Remittance:
    payments = [_payment(dice, number) for number in range(claims)]
    withheld = 12_345
    era = r835.Remittance(
        paid_cents=sum(payment.paid_cents for payment in payments) - withheld,
        method=PaymentMethod.CHECK,
        paid_on=date(2026, 7, 20),
        trace_number=f"{_PLACE}T",
        payer_tax_id="1123456789",
        payer=r835.Payer(
            name="PLAN",
            technical_contact_name="EDI",
            technical_contact_qualifier="TE",
            technical_contact_number="5555550100",
            **_home(dice),
        ),
        payee=r835.Payee(name="CLINIC", id_qualifier="XX", id=_NPIS[0], tax_id="123456789"),
        groups=[r835.ClaimGroup(claims=payments)],
    )
    era.provider_adjustments = [r835.ProviderAdjustment(_NPIS[0], date(2026, 12, 31), "WO", f"{_PLACE}W", withheld)]
    return era


def _payment(dice: random.Random, number: int) -> r835.ClaimPayment:
    lines = [_service_payment(dice, place) for place in range(1, 4)]
    return r835.ClaimPayment(
        control_number=f"{_PLACE}C{number:06d}",
        status=ClaimStatus.PRIMARY,
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines),
        patient_responsibility_cents=sum(a.amount_cents for line in lines for a in line.adjustments if a.group == "PR"),
        filing_indicator="12",
        payer_control_number=f"{_PLACE}P{number:06d}",
        facility_type="11",
        frequency="1",
        patient_last_name=_name(dice),
        patient_first_name=_name(dice),
        patient_id_qualifier="MI",
        patient_id=f"{dice.randrange(10**9):09d}A",
        received_on=_day(dice),
        service_lines=lines,
    )


def _service_payment(dice: random.Random, place: int) -> r835.ServicePayment:
    charge = dice.randrange(5_000, 90_000)
    written_off, copay = charge * dice.randrange(10, 40) // 100, dice.choice([1_000, 2_050, 2_500])
    return r835.ServicePayment(
        procedure=_procedure(dice),
        charge_cents=charge,
        paid_cents=charge - written_off - copay,
        units_paid="1",
        served_on=_day(dice),
        adjustments=[
            r835.Adjustment(AdjustmentGroup.CONTRACTUAL, "45", written_off),
            r835.Adjustment(AdjustmentGroup.PATIENT, "3", copay),
        ],
        control_number=f"L{place}",
        allowed_cents=charge - written_off,
    )
