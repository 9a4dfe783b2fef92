"""HTTP of patient billing: the application, made of its routes."""

from fastapi import FastAPI

from patient_billing.routes.accounts import account_routes
from patient_billing.routes.asking import Desk
from patient_billing.routes.care import care_routes, help_routes
from patient_billing.routes.money import money_routes
from patient_billing.routes.rules import rule_routes
from patient_billing.routes.statements import statement_routes
from patient_billing.storage import BillingWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import service_app


def build_app(runtime: Runtime[BillingWork], verifier: Verifier) -> FastAPI:
    """Return the application over a runtime; tokens are believed as the verifier says."""
    desk = Desk(runtime)
    routers = [
        account_routes(runtime),
        statement_routes(runtime),
        money_routes(desk),
        care_routes(desk),
        help_routes(desk),
        rule_routes(desk),
    ]
    return service_app(
        name="patient-billing",
        routers=routers,
        verifier=verifier,
        clock=runtime.clock,
        readiness={"database": runtime.check},
    )
