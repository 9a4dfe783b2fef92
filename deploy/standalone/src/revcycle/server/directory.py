"""Directory: enters a world's clinics, payees, clinicians, payers and prices through the services' own commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from eligibility.domain import identifiers
from revcycle.server.services import Services
from revcycle_kit.ids import derived_id
from revcycle_sandbox import World

ALWAYS = "2000-01-01"
STAFF_ROLES = (
    "administrator",
    "biller",
    "client",
    "coder",
    "front_desk",
    "intake",
    "lead",
    "manager",
    "operator",
    "payments",
    "registration",
)


@dataclass(frozen=True, slots=True)
class Places:
    """The ids under which our side knows a world."""

    organization_id: UUID
    clinics: dict[str, UUID]
    """By code."""
    entities: dict[str, UUID]
    facilities: dict[str, UUID]
    """Clinic ids by the name its EHR gives itself (MSH-4)."""

    @property
    def grant(self) -> dict[str, Any]:
        """What a token must carry to work for the whole billing company."""
        return {
            "roles": STAFF_ROLES,
            "organization_id": self.organization_id,
            "clinics": list(self.clinics.values()),
            "billing_entities": list(self.entities.values()),
        }

    def encounter_id(self, facility: str, visit_number: str) -> UUID:
        """Return our id of a visit."""
        return identifiers.encounter(self.organization_id, facility, visit_number)


def places_of(world: World) -> Places:
    """Return the ids of a world's places: they follow from its codes."""
    organization_id = derived_id("organization", world.organization.code)
    entities = {
        entity.code: identifiers.billing_entity(organization_id, entity.tin, entity.npi)
        for entity in world.billing_entities
    }
    clinics = {clinic.code: identifiers.clinic(organization_id, clinic.code) for clinic in world.clinics}
    facilities = {clinic.facility or clinic.code: clinics[clinic.code] for clinic in world.clinics}
    return Places(organization_id, clinics, entities, facilities)


@dataclass(frozen=True, slots=True)
class References:
    """What is known on both sides: the EHR's visit numbers and our encounters, payees' codes and our ids."""

    encounter_of: dict[str, UUID]
    """By visit number."""
    visit_of: dict[UUID, str]
    entity_code_of: dict[UUID, str]

    @property
    def printed(self) -> dict[str, str]:
        """What is meant by the ids that our letters print."""
        known = {**self.visit_of, **self.entity_code_of}
        return {str(our_id): theirs for our_id, theirs in known.items()}


def references_of(world: World, places: Places) -> References:
    """Return which visit of a world is which encounter."""
    facility_of = {clinic.code: clinic.facility or clinic.code for clinic in world.clinics}
    encounter_of = {
        visit.number: places.encounter_id(facility_of[visit.clinic], visit.number) for visit in world.visits
    }
    return References(
        encounter_of,
        {encounter_id: number for number, encounter_id in encounter_of.items()},
        {entity_id: code for code, entity_id in places.entities.items()},
    )


class NotEnteredError(Exception):
    """A service refused an entry of the directory; the text says which and why."""


async def enter(system: Services, world: World, places: Places) -> None:
    """Enter everything that has to be known before the first message."""
    async with system.client("eligibility", "setup", **places.grant) as desk:
        await _enter_places(desk, world, places)
        await _enter_payers(desk, world, places)
    async with system.client("claims", "setup", **places.grant) as desk:
        await _enter_prices(desk, world, places)
    async with system.client("patient_billing", "setup", **places.grant) as desk:
        await _enter_policies(desk, world, places)


async def ask(client: httpx.AsyncClient, method: str, path: str, key: str, body: Any = None) -> Any:
    """Ask a service something that must succeed. Raises NotEnteredError with the problem it answered."""
    answer = await client.request(method, path, json=body, headers={"Idempotency-Key": key})
    if answer.is_error:
        raise NotEnteredError(f"{method} {path}: {answer.status_code} {answer.text[:800]}")
    return answer.json() if answer.content else None


async def _enter_places(desk: httpx.AsyncClient, world: World, places: Places) -> None:
    for entity in world.billing_entities:
        mine = [places.clinics[clinic.code] for clinic in world.clinics if clinic.billing_entity == entity.code]
        body = {
            "name": entity.name,
            "tin": entity.tin,
            "npi": entity.npi,
            "taxonomy": entity.taxonomy or None,
            "address": _address(entity.address),
            "clinic_ids": [str(clinic_id) for clinic_id in mine],
            "contact_phone": entity.phone,
        }
        await ask(desk, "PUT", f"/v1/billing-entities/{places.entities[entity.code]}", f"entity-{entity.code}", body)
    for clinic in world.clinics:
        body = {
            "name": clinic.name,
            "time_zone": clinic.time_zone,
            "npi": clinic.npi,
            "address": _address(clinic.address),
            "billing_entity_ids": [str(places.entities[clinic.billing_entity])],
            "place_of_service": clinic.place_of_service,
            "facility_codes": [clinic.facility or clinic.code],
        }
        await ask(desk, "PUT", f"/v1/clinics/{places.clinics[clinic.code]}", f"clinic-{clinic.code}", body)
    for provider in world.providers:
        body = {
            "npi": provider.npi,
            "family": provider.family,
            "given": provider.given,
            "taxonomy": provider.taxonomy or None,
            "clinic_ids": [str(places.clinics[code]) for code in provider.clinics if code in places.clinics],
        }
        await ask(desk, "POST", "/v1/providers", f"provider-{provider.npi}", body)


async def _enter_payers(desk: httpx.AsyncClient, world: World, places: Places) -> None:
    for payer in world.payers:
        body = {
            "name": payer.name,
            "payer_code": payer.code,
            "kind": payer.kind,
            "filing_indicator": payer.filing_indicator,
            "timely_filing_days": payer.timely_filing_days,
            "secondary_filing_days": payer.secondary_filing_days,
            "appeal_days": payer.appeal_days,
            "contracted": payer.contracted,
            "authorization_codes": list(payer.authorization_codes),
        }
        await ask(desk, "POST", "/v1/payers", f"payer-{payer.code}", body)
    for enrollment in world.enrollments:
        for code, entity_id in places.entities.items():
            body = {
                "payer_id": str(identifiers.payer(places.organization_id, enrollment.payer)),
                "billing_entity_id": str(entity_id),
                "provider_id": str(identifiers.provider(places.organization_id, enrollment.npi)),
                "transaction": "credentialing",
                "effective_on": enrollment.effective_on.isoformat(),
                "ends_on": enrollment.ends_on.isoformat() if enrollment.ends_on else None,
            }
            key = f"enrollment-{enrollment.payer}-{enrollment.npi}-{code}"
            await ask(desk, "POST", "/v1/enrollments", key, body)
    for code, clinic_id in places.clinics.items():
        await ask(desk, "PUT", f"/v1/clinics/{clinic_id}/prices", f"prices-{code}", _estimates(world, places))


def _estimates(world: World, places: Places) -> dict[str, Any]:
    payers = {str(identifiers.payer(places.organization_id, payer.code)): payer for payer in world.payers}
    return {
        "prices": [
            {
                "code": item.code,
                "charge_cents": item.charge_cents,
                "allowed_cents": {
                    payer_id: payer.fees[item.code] for payer_id, payer in payers.items() if item.code in payer.fees
                },
            }
            for item in {item.code: item for item in world.chargemaster}.values()
        ],
        "self_pay_discount_basis_points": world.self_pay_discount_basis_points,
    }


async def _enter_policies(desk: httpx.AsyncClient, world: World, places: Places) -> None:
    body = {"self_pay_discount_basis_points": world.self_pay_discount_basis_points}
    for code, entity_id in places.entities.items():
        path = f"/v1/billing-entities/{entity_id}/policies/2020-01-01"
        await ask(desk, "PUT", path, f"policy-{code}", body)


async def _enter_prices(desk: httpx.AsyncClient, world: World, places: Places) -> None:
    rates = [rate for payer in world.payers for rate in _rates(places, payer)]
    for code, entity_id in places.entities.items():
        prices = [
            {
                "code": item.code,
                "unit_cents": item.charge_cents,
                "effective_on": ALWAYS,
                "revenue_code": item.revenue_code or None,
            }
            for item in world.chargemaster
            if item.billing_entity in ("", code)
        ]
        path = f"/v1/billing-entities/{entity_id}/prices"
        await ask(desk, "POST", path, f"prices-{code}", {"prices": prices, "rates": rates})


def _rates(places: Places, payer: Any) -> Iterator[dict[str, Any]]:
    payer_id = str(identifiers.payer(places.organization_id, payer.code))
    for code, cents in payer.fees.items():
        yield {"payer_id": payer_id, "code": code, "unit_cents": cents, "effective_on": ALWAYS}
    share = {"charge_basis_points": payer.unlisted_basis_points}
    yield {"payer_id": payer_id, "code": "*", "effective_on": ALWAYS, **share}


def _address(address: Any) -> dict[str, str]:
    return {
        "line1": address.line1,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
    }
