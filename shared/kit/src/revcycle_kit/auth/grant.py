"""What a caller may see and do, as the token says it."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from revcycle_kit.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Grant:
    """A caller with roles, bound to an organization, its clinics and its billing entities."""

    subject: str
    roles: frozenset[str] = frozenset()
    organization_id: UUID | None = None
    clinics: frozenset[UUID] = frozenset()
    billing_entities: frozenset[UUID] = frozenset()

    def require_role(self, *roles: str) -> None:
        """Refuse (403) a caller who has none of these roles."""
        if self.roles.isdisjoint(roles):
            raise Forbidden(*roles)

    def require_clinic(self, clinic_id: UUID) -> UUID:
        """Return the clinic if it is granted; otherwise it does not exist for this caller (404)."""
        if clinic_id not in self.clinics:
            raise NotFound("clinic")
        return clinic_id

    def require_billing_entity(self, billing_entity_id: UUID) -> UUID:
        """Return the billing entity if it is granted; otherwise it does not exist for this caller (404)."""
        if billing_entity_id not in self.billing_entities:
            raise NotFound("billing entity")
        return billing_entity_id

    def require_organization(self) -> UUID:
        """Return the caller's organization; a grant that names none reaches nothing of any (404)."""
        if self.organization_id is None:
            raise NotFound("organization")
        return self.organization_id


def tenants_of(grant: Grant) -> frozenset[UUID]:
    """Return every tenant id that a grant covers."""
    organization = {grant.organization_id} if grant.organization_id else set()
    return frozenset(organization | grant.clinics | grant.billing_entities)


class Verifier(Protocol):
    """Turns a bearer token into a grant."""

    async def verify(self, token: str) -> Grant:
        """Return the grant. Raises Unauthenticated, or Unavailable when the issuer's keys are out of reach."""
        ...
