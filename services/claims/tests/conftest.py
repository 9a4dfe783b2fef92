"""A story: one encounter driven through the pure domain as the handlers drive it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from claims.domain.charging import SentCharge, SentDiagnosis, post, priced, receive
from claims.domain.claims import Claim
from claims.domain.directory import BillingEntity, Clinic, Payer
from claims.domain.encounters import Coverage, Encounter
from claims.domain.ledger import CHARGES, RECEIVABLE, Entry, Money, Stamp, money, moved
from claims.domain.parties import Parties
from claims.domain.planning import is_self_pay, plan
from claims.domain.posting import Advice, Unpostable
from claims.domain.remittances import CasAmount, ClaimPayment, PaidLine
from claims.domain.remitting import remit
from claims.domain.settlement import settle
from revcycle_kit.ids import derived_id

SERVICE_ON = date(2026, 1, 10)
LATER_ON = date(2026, 2, 20)
ORGANIZATION = derived_id("organization")


def _payer(name: str, kind: str, days: int = 90) -> Payer:
    return Payer(
        payer_id=derived_id("payer", name),
        organization_id=ORGANIZATION,
        name=name,
        payer_code=name.upper()[:10],
        kind=kind,
        timely_filing_days=days,
    )


PAYERS = {
    one.name: one
    for one in (
        _payer("ppo", "commercial"),
        _payer("second", "commercial"),
        _payer("medicare", "medicare", 365),
        _payer("medigap", "medigap"),
        _payer("medicaid", "medicaid"),
    )
}


@dataclass
class Story:
    """One encounter, its claims and its ledger."""

    payers: tuple[str, ...]
    encounter: Encounter = field(init=False)
    parties: Parties = field(init=False)
    claims: tuple[Claim, ...] = ()
    entries: tuple[Entry, ...] = ()
    applied_cents: int = 0
    set_aside: list[Unpostable] = field(default_factory=list)
    moves: list[int] = field(default_factory=list)
    """What was moved to (or, below zero, back from) the patient, one number for each time."""
    credits: list[int] = field(default_factory=list)
    files: int = 0

    def __post_init__(self) -> None:
        clinic = Clinic(clinic_id=derived_id("clinic"), organization_id=ORGANIZATION)
        payee = BillingEntity(billing_entity_id=derived_id("payee"), organization_id=ORGANIZATION)
        self.parties = Parties(clinic=clinic, payee=payee, payers={one.payer_id: one for one in PAYERS.values()})
        self.encounter = Encounter(
            encounter_id=derived_id("encounter"),
            organization_id=ORGANIZATION,
            clinic_id=clinic.clinic_id,
            billing_entity_id=payee.billing_entity_id,
            patient_id=derived_id("patient"),
            guarantor_id=derived_id("guarantor"),
            service_on=SERVICE_ON,
            rendering_provider_id=derived_id("provider"),
            coverages=tuple(
                Coverage(coverage_id=derived_id("coverage", name), payer_id=PAYERS[name].payer_id, rank=rank)
                for rank, name in enumerate(self.payers, 1)
            ),
        )

    @property
    def money(self) -> Money:
        return money(self.entries)

    def charge(self, *cents: int, revenue_code: str | None = None) -> None:
        """Receive, price and post services, one for each amount."""
        start = len(self.encounter.charges)
        sent = tuple(
            SentCharge(
                line_id=derived_id("line", str(number)),
                code=f"9921{number}",
                amount_cents=amount,
                revenue_code=revenue_code,
            )
            for number, amount in enumerate(cents, start + 1)
        )
        received = receive(self.encounter, sent, (SentDiagnosis(code="E11.9"),), complete=True)
        self.encounter, posted, reversed_now = post(priced(received, None), SERVICE_ON)
        stamp = Stamp(service_on=SERVICE_ON, posted_on=SERVICE_ON)
        delta = sum(one.charge_cents or 0 for one in posted) - sum(one.charge_cents or 0 for one in reversed_now)
        self.entries += moved(RECEIVABLE, CHARGES, delta, stamp)

    def bill(self) -> list[Claim]:
        """Make the claims that are needed now and send them."""
        if is_self_pay(self.encounter):
            self.encounter = replace(self.encounter, self_pay=True)
            self.settle()
            return []
        made = [self._sent(one) for one in plan(self.encounter, self.claims, self.parties)]
        for one in made:
            self.put(one)
        return made

    def put(self, claim: Claim) -> None:
        self.claims = (*(one for one in self.claims if one.claim_id != claim.claim_id), claim)

    def remit(self, payer: str | None, *payments: ClaimPayment, on: date = LATER_ON) -> None:
        """Post one remittance, then bill what follows and move what is the patient's."""
        self.files += 1
        advice = Advice(
            remittance_id=derived_id("file", str(self.files)),
            payer_id=PAYERS[payer].payer_id if payer else None,
            produced_on=on,
            posted_on=on,
        )
        done = remit(self.encounter, self.claims, payments, advice, self.parties)
        self.claims, self.entries = done.claims, self.entries + done.entries
        self.applied_cents += done.applied_cents
        self.set_aside.extend(done.set_aside)
        self.bill()
        self.settle(on)

    def settle(self, on: date = LATER_ON) -> None:
        settlement = settle(self.encounter, self.claims, self.parties.payers, on)
        self.encounter = settlement.encounter
        self.entries += settlement.entries
        if settlement.patient_delta_cents:
            self.moves.append(settlement.patient_delta_cents)
        if settlement.credit_found_cents:
            self.credits.append(settlement.credit_found_cents)

    def _sent(self, claim: Claim) -> Claim:
        if claim.state != "draft":
            return claim
        return claim.release(SERVICE_ON).send(datetime(2026, 1, 11, tzinfo=UTC), "1")


@pytest.fixture
def story() -> Callable[..., Story]:
    """Begin a story with these payers, primary first."""

    def begin(*payers: str) -> Story:
        return Story(payers=payers)

    return begin


def amounts(text: str) -> tuple[CasAmount, ...]:
    """Read adjustments as people write them: `CO-45 7000, PR-1 5000` (cents)."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    return tuple(
        CasAmount(group=code.partition("-")[0], carc=code.partition("-")[2], amount_cents=int(cents))
        for code, cents in parts
    )


@pytest.fixture
def pays() -> Callable[..., ClaimPayment]:
    """Write a claim payment: a claim, its status, and for each line (charge, paid, adjustments)."""

    def write(
        claim: Claim,
        *lines: tuple[int, int, str],
        status: str = "1",
        remarks: tuple[str, ...] = (),
        forwarded: bool = False,
    ) -> ClaimPayment:
        paid_lines = tuple(
            PaidLine(
                control_number=f"{claim.patient_control_number}{number:03}",
                code=claim.lines[number - 1].code,
                charge_cents=charge,
                paid_cents=paid,
                adjustments=amounts(text),
            )
            for number, (charge, paid, text) in enumerate(lines, 1)
        )
        return ClaimPayment(
            position=1,
            patient_control_number=claim.patient_control_number,
            status_code=status,
            charge_cents=sum(charge for charge, _, _ in lines),
            paid_cents=sum(paid for _, paid, _ in lines),
            payer_claim_control_number=f"ICN{claim.ordinal}",
            lines=paid_lines,
            remarks=remarks,
            forwarded=forwarded,
        )

    return write


@pytest.fixture
def line_ids() -> Callable[[int], UUID]:
    """Tell the id of the n-th service of a story."""
    return lambda number: derived_id("line", str(number))
