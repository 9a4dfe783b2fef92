"""HTTP of claims: the table of routes; what each does stands in the module of its noun."""

from typing import Any

from fastapi import APIRouter, FastAPI

from claims.http.cash import CashRoutes
from claims.http.claims import ClaimRoutes
from claims.http.coding import CodingRoutes
from claims.http.counter import Counter
from claims.http.interchanges import FileRoutes
from claims.http.setup import SetupRoutes
from claims.intake.receiver import BYTES_MAX
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, repeatable, service_app


def routers(counter: Counter) -> list[APIRouter]:
    """Return every route of the service."""
    return [_coding(counter), _claims(counter), _cash(counter), _setup(counter)]


def _coding(counter: Counter) -> APIRouter:
    router, coding = APIRouter(prefix="/v1", tags=["coding"]), CodingRoutes(counter)
    router.add_api_route("/coding-worklist", coding.list_coding, methods=["GET"])
    router.add_api_route("/encounters/{encounter_id}", coding.read_encounter, methods=["GET"])
    router.add_api_route("/encounters/{encounter_id}/coding", coding.complete_coding, methods=["POST"])
    router.add_api_route("/encounters/{encounter_id}/ledger", coding.read_ledger, methods=["GET"])
    return router


def _claims(counter: Counter) -> APIRouter:
    router, claims = APIRouter(prefix="/v1", tags=["claims"]), ClaimRoutes(counter)
    router.add_api_route("/claims", claims.list_claims, methods=["GET"])
    router.add_api_route("/claims/{claim_id}", claims.read_claim, methods=["GET"])
    router.add_api_route("/claims/{claim_id}/recheck", claims.recheck_claim, methods=["POST"])
    router.add_api_route("/claims/{claim_id}/corrections", claims.correct_claim, methods=["POST"])
    router.add_api_route("/claims/{claim_id}/void", claims.void_claim, methods=["POST"])
    return router


def _cash(counter: Counter) -> APIRouter:
    router, cash, files = APIRouter(prefix="/v1", tags=["cash"]), CashRoutes(counter), FileRoutes(counter)
    once = [repeatable("a file is unique by its sender, its control number and its content")]
    router.add_api_route(
        "/interchanges", files.take_interchange, methods=["POST"], dependencies=once, max_body_size=BYTES_MAX
    )
    router.add_api_route("/interchanges", files.list_interchanges, methods=["GET"])
    router.add_api_route(
        "/interchanges/{file_id}/replay", files.replay_interchange, methods=["POST"], dependencies=once
    )
    router.add_api_route("/deposits", cash.record_deposit, methods=["POST"])
    router.add_api_route("/deposits", cash.list_deposits, methods=["GET"])
    router.add_api_route("/remittances", cash.list_remittances, methods=["GET"])
    router.add_api_route("/remittances/{remittance_id}", cash.read_remittance, methods=["GET"])
    router.add_api_route("/payments-set-aside", cash.list_set_aside, methods=["GET"])
    router.add_api_route("/payments-set-aside/{item_id}/post", cash.post_set_aside, methods=["POST"])
    router.add_api_route("/payments-set-aside/{item_id}/close", cash.close_set_aside, methods=["POST"])
    return router


def _setup(counter: Counter) -> APIRouter:
    router, setup = APIRouter(prefix="/v1", tags=["setup"]), SetupRoutes(counter)
    payee = "/billing-entities/{billing_entity_id}"
    router.add_api_route(f"{payee}/prices", setup.load_prices, methods=["POST"])
    router.add_api_route(f"{payee}/prices", setup.read_prices, methods=["GET"])
    router.add_api_route(f"{payee}/periods/{{period}}/close", setup.close_period, methods=["POST"])
    router.add_api_route("/clinics/{clinic_id}/billing-policy", setup.set_policy, methods=["PUT"])
    return router


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(service_app(name="claims", routers=routers(Counter(nobody)), verifier=nobody))


def build_app(runtime: Runtime[Any], verifier: Verifier) -> FastAPI:
    """Make the application of claims."""
    return service_app(
        name="claims",
        routers=routers(Counter(runtime)),
        verifier=verifier,
        clock=runtime.clock,
        readiness={"database": runtime.check},
    )
