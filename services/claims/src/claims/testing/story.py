"""A story: one encounter driven through the pure domain as the handlers drive it."""

from datetime import UTC, date, datetime
from uuid import UUID

from claims.domain.charging import SentCharge, SentDiagnosis, post, priced, receive
from claims.domain.claims import Claim
from claims.domain.directory import BillingEntity, Clinic, Payer
from claims.domain.encounters import Coverage, Encounter
from claims.domain.ledger import CHARGES, RECEIVABLE, Entry, Money, Stamp, money, moved
from claims.domain.parties import Parties
from claims.domain.planning import is_self_pay, plan
from claims.domain.posting import Advice, Unpostable
from claims.domain.remittance_advice import CasAmount, ClaimPayment, PaidLine
from claims.domain.remittance_posting import remit
from claims.domain.settlement import settle
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace

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
    payer.name: payer
    for payer in (
        _payer("ppo", "commercial"),
        _payer("second", "commercial"),
        _payer("medicare", "medicare", 365),
        _payer("medigap", "medigap"),
        _payer("medicaid", "medicaid"),
    )
}


class EncounterStory:
    """One encounter with its claims and its ledger, driven through the pure domain as the handlers drive it."""

    def __init__(self, *payers: str) -> None:
        """Begin with these payers, primary first."""
        clinic = Clinic(clinic_id=derived_id("clinic"), organization_id=ORGANIZATION)
        payee = BillingEntity(billing_entity_id=derived_id("payee"), organization_id=ORGANIZATION)
        self.parties = Parties(clinic=clinic, payee=payee, payers={payer.payer_id: payer for payer in PAYERS.values()})
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
                for rank, name in enumerate(payers, 1)
            ),
        )
        self.claims: tuple[Claim, ...] = ()
        self.entries: tuple[Entry, ...] = ()
        self.applied_cents = ZERO
        self.set_aside: list[Unpostable] = []
        self.moves: list[int] = []
        """What was moved to (or, below zero, back from) the patient, one number for each time."""
        self.credits: list[int] = []
        self.files = 0

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
                amount_cents=Cents(amount),
                revenue_code=revenue_code,
            )
            for number, amount in enumerate(cents, start + 1)
        )
        received = receive(self.encounter, sent, (SentDiagnosis(code="E11.9"),), complete=True)
        self.encounter, posted, reversed_now = post(priced(received, None), SERVICE_ON)
        stamp = Stamp(service_on=SERVICE_ON, posted_on=SERVICE_ON)
        delta = sum(charge.charge_cents or 0 for charge in posted) - sum(
            charge.charge_cents or 0 for charge in reversed_now
        )
        self.entries += moved(RECEIVABLE, CHARGES, Cents(delta), stamp)

    def bill(self) -> list[Claim]:
        """Make the claims that are needed now and send them."""
        if is_self_pay(self.encounter):
            self.encounter = replace(self.encounter, self_pay=True)
            self.settle()
            return []
        made = [self.sent(claim) for claim in plan(self.encounter, self.claims, self.parties)]
        for claim in made:
            self.put(claim)
        return made

    def put(self, claim: Claim) -> None:
        self.claims = (*(other for other in self.claims if other.claim_id != claim.claim_id), claim)

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
        self.applied_cents = Cents(self.applied_cents + done.applied_cents)
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

    def sent(self, claim: Claim) -> Claim:
        """Return a draft as it is once it left; any other claim as it is."""
        if claim.state != "draft":
            return claim
        return claim.release(SERVICE_ON).send(datetime(2026, 1, 11, tzinfo=UTC), "1")


def amounts(text: str) -> tuple[CasAmount, ...]:
    """Read adjustments as people write them: `CO-45 7000, PR-1 5000` (cents)."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    return tuple(
        CasAmount(group=code.partition("-")[0], carc=code.partition("-")[2], amount_cents=Cents(int(cents)))
        for code, cents in parts
    )


def payment(
    claim: Claim,
    *lines: tuple[int, int, str],
    status: str = "1",
    remarks: tuple[str, ...] = (),
    forwarded: bool = False,
) -> ClaimPayment:
    """Write a claim payment: a claim, its status, and for each line (charge, paid, adjustments)."""
    paid_lines = tuple(
        PaidLine(
            control_number=f"{claim.patient_control_number}{number:03}",
            code=claim.lines[number - 1].code,
            charge_cents=Cents(charge),
            paid_cents=Cents(paid),
            adjustments=amounts(text),
        )
        for number, (charge, paid, text) in enumerate(lines, 1)
    )
    return ClaimPayment(
        position=1,
        patient_control_number=claim.patient_control_number,
        status_code=status,
        charge_cents=Cents(sum(charge for charge, _, _ in lines)),
        paid_cents=Cents(sum(paid for _, paid, _ in lines)),
        payer_claim_control_number=f"ICN{claim.ordinal}",
        lines=paid_lines,
        remarks=remarks,
        forwarded=forwarded,
    )


def line_id(number: int) -> UUID:
    """Return the id of the n-th service of a story."""
    return derived_id("line", str(number))


def ledger_sums(
    *,
    charged: int,
    paid: int = 0,
    adjusted: int = 0,
    transferred: int = 0,
    written_off: int = 0,
    open: int = 0,  # noqa: A002 - the ledger's word
) -> Money:
    """Say what the entries of a ledger have to add up to, in cents."""
    return Money(
        charged=Cents(charged),
        paid=Cents(paid),
        adjusted=Cents(adjusted),
        transferred=Cents(transferred),
        written_off=Cents(written_off),
        open=Cents(open),
    )
