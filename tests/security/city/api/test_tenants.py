"""Nobody sees what is not theirs: every endpoint of every service, with another company's ids."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import httpx
import pytest

from revcycle_kit.auth import Grant

SERVICES = ("eligibility", "claims", "denials", "patient_billing", "analytics")
ALL_ROLES = (
    "admin", "administrator", "auditor", "biller", "client", "coder", "front_desk", "intake", "lead", "manager",
    "operator", "payments",
)  # fmt: skip
NOT_THERE = {403, 404}


class Credulous(Grant):
    """A grant with the application's filter off: whoever is asked for, it says yes."""

    def require_role(self, *roles: str) -> None:
        """Let everybody pass."""

    def require_clinic(self, clinic_id: UUID) -> UUID:
        return clinic_id

    def require_billing_entity(self, billing_entity_id: UUID) -> UUID:
        return billing_entity_id


class Doorman:
    """Lets everybody in, as somebody of our company to whom the application grants the others' clinic as well."""

    def __init__(self, ours: Any, theirs: Any) -> None:
        both = [(one.clinic_id, one.billing_entity_id) for one in (ours, theirs)]
        self._grant = Credulous(
            "stranger",
            roles=frozenset(ALL_ROLES),
            organization_id=ours.organization_id,
            clinics=frozenset(clinic for clinic, _ in both),
            billing_entities=frozenset(entity for _, entity in both),
        )

    async def verify(self, token: str) -> Grant:
        """Return the grant, whatever the token."""
        del token
        return self._grant


class Narrowed:
    """Gives the database only our company's ids, whatever the application grants: row security is all that is left."""

    def __init__(self, inner: Any, ours: Any) -> None:
        self._inner = inner
        self._tenants = frozenset(ours.ids)

    def granted(self, tenants: Iterable[UUID]) -> Any:
        """Read with our ids only."""
        del tenants
        return self._inner.granted(self._tenants)

    async def execute(self, envelope: Any, tenants: Iterable[UUID]) -> Any:
        """Write with our ids only."""
        del tenants
        return await self._inner.execute(envelope, self._tenants)

    async def close(self) -> None:
        await self._inner.close()


def stripped(house: Any, ours: Any) -> None:
    """Leave row security as the only thing that knows whose house it is."""
    runtime = house.harness.runtime
    runtime._reads, runtime._api = Narrowed(runtime._reads, ours), Narrowed(runtime._api, ours)


async def send(client: httpx.AsyncClient, asked: Any, key: str) -> httpx.Response:
    method, path, sent = asked
    return await client.request(method, path, headers={"Idempotency-Key": key}, **sent)


@pytest.mark.parametrize("service", SERVICES)
async def test_another_company_s_ids_reach_nothing(
    service: str, trial: Callable[..., Any], operations: Callable[..., Any], issuer: Any
) -> None:
    """
    With every role, and with a token of our own company, everything that is theirs does not exist.

    An address with their id in it answers 404 (or 403); one with their ids in query or body tells nothing of theirs;
    no row of theirs is changed, neither at once nor by what follows.
    """
    tried = await trial(service)
    token = issuer.issue("stranger", roles=ALL_ROLES, **tried.ours.grant)
    wrong: list[str] = []
    async with tried.house.client(token) as client:
        for number, operation in enumerate(operations(tried.house)):
            for place, asked in enumerate(tried.requests(operation)):
                answer = await send(client, asked, f"{number}.{place}")
                wrong += await tried.complaints(operation, asked, answer)
                if answer.status_code >= 500:
                    wrong.append(f"{operation.name}: {answer.status_code} for {asked}")
                if place == 0 and operation.names_somebody and answer.status_code not in NOT_THERE:
                    wrong.append(f"{operation.name}: {answer.status_code} {answer.text[:200]} for {asked}")
    await tried.house.harness.settle()

    assert [] == wrong
    assert set() == await tried.changed()


@pytest.mark.parametrize("service", SERVICES)
async def test_row_security_alone_still_gives_nothing(
    service: str, trial: Callable[..., Any], operations: Callable[..., Any], tenants: tuple[Any, Any]
) -> None:
    """The same with every check of the application passed: the database tells and changes nothing of theirs."""
    tried = await trial(service, Doorman(*tenants))
    stripped(tried.house, tried.ours)
    wrong: list[str] = []
    async with tried.house.client("any") as client:
        for number, operation in enumerate(operations(tried.house)):
            for place, asked in enumerate(tried.requests(operation)):
                answer = await send(client, asked, f"{number}.{place}")
                wrong += await tried.complaints(operation, asked, answer)
    await tried.house.harness.settle()

    assert [] == wrong
    assert set() == await tried.changed()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_same_requests_reach_what_is_one_s_own(
    service: str, trial: Callable[..., Any], operations: Callable[..., Any], request_of: Callable[..., Any], issuer: Any
) -> None:
    """The control: asked by their own staff, the same requests find their ids, change rows, and tell what is theirs."""
    tried = await trial(service)
    token = issuer.issue("staff", roles=ALL_ROLES, **tried.theirs.grant)
    wrong: list[str] = []
    told: set[str] = set()
    async with tried.house.client(token) as client:
        for number, operation in enumerate(operations(tried.house)):
            asked = request_of(operation, tried.known.their_ids, tried.known.their_ids, tried.known.raw)
            answer = await send(client, asked, str(number))
            told |= tried.leaked(("GET", "", {}), answer)
            if answer.status_code in {400, 401, 403, 404, 405} or answer.status_code >= 500:
                wrong.append(f"{operation.name}: {answer.status_code} {answer.text[:200]} for {asked}")
            if answer.status_code == 422 and "invalid-request" in answer.text:
                wrong.append(f"{operation.name}: the request made for it is not valid: {answer.text}")

    assert [] == wrong
    assert len(told) > 5
    assert service == "analytics" or set() != await tried.changed()


@pytest.mark.parametrize("service", SERVICES)
async def test_without_row_security_the_same_requests_would_tell(
    service: str, trial: Callable[..., Any], operations: Callable[..., Any], tenants: tuple[Any, Any], as_superuser: Any
) -> None:
    """The other control: once the tables are unprotected too, the requests above do find what is theirs."""
    tried = await trial(service, Doorman(*tenants))
    stripped(tried.house, tried.ours)
    for table in tried.house.service.metadata.sorted_tables:
        statement = f'ALTER TABLE "{table.name}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY'
        await as_superuser(tried.house.harness.database, statement)
    told: list[str] = []
    async with tried.house.client("any") as client:
        for operation in (one for one in operations(tried.house) if one.method == "GET"):
            for asked in tried.requests(operation):
                told += await tried.complaints(operation, asked, await send(client, asked, "read"))

    assert [] != told
