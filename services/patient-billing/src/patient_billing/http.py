"""HTTP of patient billing: the application, made of its routes."""

from collections.abc import Mapping
from typing import cast

from fastapi import FastAPI

from patient_billing.routes.accounts import account_routes
from patient_billing.routes.asking import Desk
from patient_billing.routes.care import care_routes, help_routes
from patient_billing.routes.money import money_routes
from patient_billing.routes.reading import Runs
from patient_billing.routes.rules import rule_routes
from patient_billing.routes.statements import statement_routes
from revcycle_kit.auth import Grant, Verifier
from revcycle_kit.clock import Clock, SystemClock
from revcycle_kit.errors import Unauthenticated
from revcycle_kit.http import Check, openapi_json, service_app


def build_app(runtime: Runs, verifier: Verifier) -> FastAPI:
    """Return the application over a runtime; tokens are believed as the verifier says."""
    return _app(runtime, verifier, runtime.clock, {"database": runtime.check})


def describe() -> str:
    """Return the OpenAPI description, for `contracts/api/openapi.json`; needs no database."""
    return openapi_json(_app(cast("Runs", None), _Nobody(), SystemClock(), {}))


def _app(runtime: Runs, verifier: Verifier, clock: Clock, readiness: Mapping[str, Check]) -> FastAPI:
    desk = Desk(runtime)
    routers = [
        account_routes(runtime),
        statement_routes(runtime),
        money_routes(desk),
        care_routes(desk),
        help_routes(desk),
        rule_routes(desk),
    ]
    return service_app(name="patient-billing", routers=routers, verifier=verifier, clock=clock, readiness=readiness)


class _Nobody:
    """Believes no token: a description is not called."""

    async def verify(self, token: str) -> Grant:
        del token
        raise Unauthenticated("this application is only described")
