"""A claim with everything that its loops name, and how the sender names itself."""

from uuid import UUID

from claims.domain.claims import Claim
from claims.domain.directory import Payer, Provider
from claims.domain.encounters import Coverage, Encounter
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity, Person, Subscriber
from revcycle_kit.values import Value

SELF = "18"
"""The patient is the subscriber."""


class Sender(Value, kw_only=True):
    """How the sender names itself and the clearinghouse."""

    submitter: str = ""
    """ISA06; empty: the payee's tax number, so that what comes back names the payee."""
    receiver: str = "CLEARINGHOUSE"
    receiver_name: str = "CLEARINGHOUSE"
    contact_name: str = "CLAIMS DESK"
    contact_phone: str = "5555550100"
    is_test: bool = True


class ClaimForm(Value, kw_only=True):
    """One claim with everything that its loops name."""

    claim: Claim
    encounter: Encounter
    identity: EncounterIdentity
    parties: Parties

    @property
    def coverage(self) -> Coverage:
        """The coverage under which the claim is made."""
        found = self.encounter.coverage(self.claim.coverage_id)
        return found or Coverage(coverage_id=self.claim.coverage_id, payer_id=self.claim.payer_id)

    @property
    def payer(self) -> Payer:
        """The payer addressed."""
        return self.parties.payer(self.claim.payer_id)

    def provider(self, provider_id: UUID | None) -> Provider | None:
        """Return a clinician of the directory."""
        return self.parties.providers.get(provider_id) if provider_id else None

    def holder(self, coverage_id: UUID) -> tuple[Subscriber, Person]:
        """Return who holds a coverage; the patient, under the name that the payer knows, where it is his own."""
        subscriber = self.identity.subscriber(coverage_id)
        coverage = self.encounter.coverage(coverage_id)
        own = coverage is None or coverage.relationship == SELF
        return subscriber, _merged(subscriber.person, self.identity.patient) if own else subscriber.person


def _merged(holder: Person, patient: Person) -> Person:
    """Return the patient as his own subscriber, under the name that the payer knows."""
    return Person(
        family=holder.family or patient.family,
        given=holder.given or patient.given,
        middle=holder.middle or patient.middle,
        birth_on=holder.birth_on or patient.birth_on,
        sex=holder.sex if holder.sex != "U" else patient.sex,
        address=holder.address if holder.address.line1 else patient.address,
    )
