"""The application, made of its routers."""

from typing import Final

from fastapi import FastAPI

from patient_billing.http import (
    accounts,
    assistance,
    disputes,
    encounters,
    holds,
    payments,
    placements,
    plans,
    rules,
    statements,
    write_offs,
)
from patient_billing.storage import BillingWork
from revcycle_kit.auth import Grant, Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.errors import Unauthenticated
from revcycle_kit.http import openapi_json, service_app, undelivered

ROUTERS: Final = tuple(
    module.router
    for module in (
        accounts,
        encounters,
        statements,
        payments,
        write_offs,
        plans,
        holds,
        disputes,
        assistance,
        placements,
        rules,
        undelivered,
    )
)


def build_app(runtime: Runtime[BillingWork], verifier: Verifier) -> FastAPI:
    """Return the application over a runtime; tokens are believed as the verifier says."""
    return service_app(name="patient-billing", routers=ROUTERS, verifier=verifier, runtime=runtime)


def describe() -> str:
    """Return the OpenAPI description, for `contracts/api/openapi.json`; needs no database."""
    return openapi_json(service_app(name="patient-billing", routers=ROUTERS, verifier=_Nobody()))


class _Nobody:
    """Believes no token: a description is not called."""

    async def verify(self, token: str) -> Grant:
        del token
        raise Unauthenticated("this application is only described")
