"""
PatientAccount: what one guarantor owes one billing entity, for all patients and encounters.

The account decides: where a payment goes, what is forgiven, what is asked when. It is immutable; a
decision returns the new account and what follows from it (see `decision`).
"""

from datetime import date
from uuid import UUID

from patient_billing.domain.application import AssistanceApplication
from patient_billing.domain.balance import EncounterBalance
from patient_billing.domain.contact import ContactPreference
from patient_billing.domain.dispute import Dispute
from patient_billing.domain.dunning_cycle import DunningCycle
from patient_billing.domain.hold import Hold
from patient_billing.domain.payment import Payment
from patient_billing.domain.placement import Placement
from patient_billing.domain.plan import PaymentPlan
from revcycle_kit.errors import NotFound
from revcycle_kit.money import Cents
from revcycle_kit.values import Value, replace


class PatientAccount(Value):
    """Guarantor × billing entity: open balances, money not yet applied, plan, holds, and the state of dunning."""

    account_id: UUID
    billing_entity_id: UUID
    guarantor_id: UUID
    time_zone: str
    preference: ContactPreference = ContactPreference()
    balances: tuple[EncounterBalance, ...] = ()
    payments: tuple[Payment, ...] = ()
    plan: PaymentPlan | None = None
    holds: tuple[Hold, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    applications: tuple[AssistanceApplication, ...] = ()
    placements: tuple[Placement, ...] = ()
    dunning: DunningCycle = DunningCycle()
    settled: bool = True
    wakes_on: date | None = None
    """The morning for which the account's timer is armed."""

    @property
    def due_cents(self) -> Cents:
        """What is owed on all encounters that owe something."""
        return Cents(sum(balance.due_cents for balance in self.balances))

    @property
    def credit_cents(self) -> Cents:
        """What is owed back on encounters, as a positive amount; never netted against what is due."""
        return Cents(sum(balance.credit_cents for balance in self.balances))

    @property
    def unapplied_cents(self) -> Cents:
        """Money received that stands on no encounter."""
        return Cents(sum(payment.unapplied_cents for payment in self.payments))

    @property
    def placed_cents(self) -> Cents:
        """What agencies may still collect on bad debt."""
        return Cents(sum(placement.left_cents for placement in self.placements if placement.collects_bad_debt))

    @property
    def held(self) -> bool:
        """True: nothing is asked of the guarantor."""
        return bool(self.holds)

    @property
    def active_plan(self) -> PaymentPlan | None:
        return self.plan if self.plan is not None and self.plan.active else None

    def beside_plan(self, encounter_id: UUID) -> Cents:
        """Return what an encounter owes and no running plan asks for: what a statement may ask for."""
        balance, plan = self.balance(encounter_id), self.active_plan
        due = balance.due_cents if balance else Cents(0)
        return Cents(max(due - plan.share_of(encounter_id), 0)) if plan else due

    def balance(self, encounter_id: UUID) -> EncounterBalance | None:
        """Return the balance of an encounter, if the account has heard of it."""
        return next((balance for balance in self.balances if balance.encounter_id == encounter_id), None)

    def known_balance(self, encounter_id: UUID) -> EncounterBalance:
        """Return the balance of an encounter. Raises NotFound."""
        balance = self.balance(encounter_id)
        if balance is None:
            raise NotFound("encounter on this account")
        return balance

    def payment(self, payment_id: UUID) -> Payment:
        """Return a payment. Raises NotFound."""
        payment = next((payment for payment in self.payments if payment.payment_id == payment_id), None)
        if payment is None:
            raise NotFound("payment on this account")
        return payment

    def placement(self, placement_id: UUID) -> Placement:
        """Return a placement. Raises NotFound."""
        placement = next((placement for placement in self.placements if placement.placement_id == placement_id), None)
        if placement is None:
            raise NotFound("placement of this account")
        return placement

    def placed(self, encounter_id: UUID) -> bool:
        """Say whether an agency has this encounter now."""
        return any(placement.holds(encounter_id) for placement in self.placements)

    def with_balance(self, balance: EncounterBalance) -> "PatientAccount":
        """Put a balance in, in place of the encounter's older one."""
        others = tuple(other for other in self.balances if other.encounter_id != balance.encounter_id)
        ordered = sorted((*others, balance), key=lambda balance: (balance.service_on, balance.encounter_id))
        return replace(self, balances=tuple(ordered))

    def with_payment(self, payment: Payment) -> "PatientAccount":
        """Put a payment in, in place of its older form; payments stay in the order in which they came."""
        if any(earlier.payment_id == payment.payment_id for earlier in self.payments):
            payments = (payment if earlier.payment_id == payment.payment_id else earlier for earlier in self.payments)
            return replace(self, payments=tuple(payments))
        return replace(self, payments=(*self.payments, payment))

    def with_placement(self, placement: Placement) -> "PatientAccount":
        """Put a placement in, in place of its older form."""
        others = tuple(other for other in self.placements if other.placement_id != placement.placement_id)
        return replace(self, placements=(*others, placement))
