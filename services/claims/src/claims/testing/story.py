"""A story: one encounter driven through the decisions of the domain, with everybody known whom they look up."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from claims.domain.balances import settle_case
from claims.domain.billing import bill
from claims.domain.case import Changes, EncounterCase
from claims.domain.charges import charge
from claims.domain.charging import SentCharge, SentDiagnosis, receive
from claims.domain.claims import Claim, ClaimState
from claims.domain.directory import Address, BillingEntity, Clinic, Payer, Provider
from claims.domain.edits import PreventionRule
from claims.domain.encounters import Coverage, CoverageAnswer, Encounter
from claims.domain.facts import CreditBalanceFound, PatientBalanceDue, PatientBalanceWithdrawn
from claims.domain.ledger import Entry, Money, money
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person, Subscriber
from claims.domain.policy import BillingPolicy
from claims.domain.posting import Advice, Unpostable
from claims.domain.pricing import PriceList
from claims.domain.remittance_advice import CasAmount, ClaimPayment, PaidLine
from claims.domain.remittance_posting import post_remittance, remit
from revcycle_kit.ids import derived_id
from revcycle_kit.money import ZERO, Cents
from revcycle_kit.values import replace

SERVICE_ON = date(2026, 1, 10)
LATER_ON = date(2026, 2, 20)
ORGANIZATION = derived_id("organization")
PROVIDER = derived_id("provider")


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
PAYEE = BillingEntity(
    billing_entity_id=derived_id("payee"),
    organization_id=ORGANIZATION,
    name="PAYEE",
    tin="123456789",
    npi="1234567893",
    taxonomy="207Q00000X",
    address=Address(line1="1 MAIN ST", city="ALBANY", state="NY", postal_code="122071234"),
)
CLINIC = Clinic(clinic_id=derived_id("clinic"), organization_id=ORGANIZATION)
HEALER = Provider(provider_id=PROVIDER, organization_id=ORGANIZATION, npi="1245319599", family="HEALER")
JANE = Person(family="DOE", given="JANE", birth_on=date(1980, 2, 3), sex="F")
PARTIES = Parties(
    clinic=CLINIC,
    payee=PAYEE,
    payers={payer.payer_id: payer for payer in PAYERS.values()},
    providers={PROVIDER: HEALER},
)


def coverage_of(name: str, rank: int = 1) -> Coverage:
    """Return the patient's coverage with a payer, as the payer verified it."""
    return Coverage(
        coverage_id=derived_id("coverage", name),
        payer_id=PAYERS[name].payer_id,
        rank=rank,
        answer=CoverageAnswer.VERIFIED,
    )


class StoryContext:
    """What a story's decisions look up: a world in which everything is as it should be, on a day that tests set."""

    clinic = CLINIC
    policy = BillingPolicy(clinic_id=CLINIC.clinic_id, organization_id=ORGANIZATION)
    prices: PriceList | None = None
    rules: tuple[PreventionRule, ...] = ()
    identity = EncounterIdentity(
        patient=JANE,
        subscribers=tuple(
            Subscriber(
                coverage_id=derived_id("coverage", name),
                person=JANE,
                member_id="1EG4TE5MK73" if payer.kind == "medicare" else "M1",
            )
            for name, payer in PAYERS.items()
        ),
    )

    def __init__(self) -> None:
        self.today = SERVICE_ON

    @property
    def now(self) -> datetime:
        """The morning of the day."""
        return datetime(self.today.year, self.today.month, self.today.day, 13, tzinfo=UTC)

    def payer(self, payer_id: UUID) -> Payer | None:
        """Return a payer."""
        return PARTIES.payers.get(payer_id)

    def parties(self, encounter: Encounter, payer_ids: Iterable[UUID]) -> Parties:
        """Return everybody."""
        del encounter, payer_ids
        return PARTIES


class EncounterStory:
    """One encounter with its claims and its ledger: each step is decided as the handlers decide it."""

    def __init__(self, *payers: str) -> None:
        """Begin with these payers, primary first."""
        encounter = Encounter(
            encounter_id=derived_id("encounter"),
            organization_id=ORGANIZATION,
            clinic_id=CLINIC.clinic_id,
            billing_entity_id=PAYEE.billing_entity_id,
            patient_id=derived_id("patient"),
            guarantor_id=derived_id("guarantor"),
            service_on=SERVICE_ON,
            rendering_provider_id=PROVIDER,
            attending_provider_id=PROVIDER,
            finished=True,
            coverages=tuple(coverage_of(name, rank) for rank, name in enumerate(payers, 1)),
        )
        self.context = StoryContext()
        self.parties = PARTIES
        self.case = EncounterCase(former=encounter, encounter=encounter, claims={}, context=self.context)
        self.entries: tuple[Entry, ...] = ()
        self.applied_cents = ZERO
        self.set_aside: list[Unpostable] = []
        self.moves: list[int] = []
        """What was moved to (or, below zero, back from) the patient, one number for each time."""
        self.credits: list[int] = []
        self.files = 0

    @property
    def encounter(self) -> Encounter:
        """The encounter as it is now."""
        return self.case.encounter

    @encounter.setter
    def encounter(self, encounter: Encounter) -> None:
        self.case = replace(self.case, encounter=encounter)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims as they are now."""
        return tuple(self.case.claims.values())

    @property
    def money(self) -> Money:
        """What the entries add up to."""
        return money(self.entries)

    def charge(self, *cents: int, revenue_code: str | None = None) -> None:
        """Receive, price and post services, one for each amount."""
        start = len(self.encounter.charges)
        sent = tuple(
            SentCharge(
                line_id=line_id(number),
                code=f"9921{number}",
                amount_cents=Cents(amount),
                revenue_code=revenue_code,
            )
            for number, amount in enumerate(cents, start + 1)
        )
        received = receive(self.encounter, sent, (SentDiagnosis(code="E11.9"),), complete=True)
        self._take(charge(replace(self.case, encounter=received), "rules"))

    def bill(self) -> list[Claim]:
        """Make the claims that are needed now, and send those that passed their edits."""
        return self._take(settle_case(bill(self.case)))

    def put(self, claim: Claim) -> None:
        """Keep a claim as a person, or another decision, left it."""
        self._take(self.case.keep(claim))

    def remit(self, payer: str | None, *payments: ClaimPayment, on: date = LATER_ON) -> None:
        """Post one remittance, with what follows from it."""
        self.files += 1
        self.context.today = on
        advice = Advice(
            remittance_id=derived_id("file", str(self.files)),
            payer_id=PAYERS[payer].payer_id if payer else None,
            produced_on=on,
            posted_on=on,
        )
        remitted = remit(self.encounter, self.claims, payments, advice, self.parties)
        self.applied_cents = Cents(self.applied_cents + remitted.applied_cents)
        self.set_aside.extend(remitted.set_aside)
        self._take(post_remittance(self.case, remitted))

    def settle(self, on: date = LATER_ON) -> None:
        """Bring the ledger to where the decisions say it should stand."""
        self.context.today = on
        self._take(settle_case(self.case))

    def sent(self, claim: Claim) -> Claim:
        """Return a claim that may leave as it is once it left; any other as it is."""
        if claim.state == ClaimState.DRAFT:
            claim = claim.release(self.context.today)
        return claim.send(self.context.now, "1") if claim.state == ClaimState.READY else claim

    def _take(self, after: EncounterCase) -> list[Claim]:
        """Keep what a decision changed, as handlers do, and return the claims that it changed, as they left."""
        for fact in after.changes.facts:
            match fact:
                case PatientBalanceDue(cents=cents):
                    self.moves.append(cents)
                case PatientBalanceWithdrawn(cents=cents):
                    self.moves.append(-cents)
                case CreditBalanceFound(cents=cents):
                    self.credits.append(cents)
        self.entries += after.changes.entries
        changed = {claim_id: self.sent(claim) for claim_id, claim in after.changes.claims.items()}
        self.case = replace(after, former=after.encounter, claims={**after.claims, **changed}, changes=Changes())
        return list(changed.values())


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
