"""HTTP of denials: the table of routes; what each does stands in the module of its noun."""

from typing import Any

from fastapi import APIRouter, FastAPI, Response

from denials.http.appeals import AppealRoutes
from denials.http.denials import DenialRoutes
from denials.http.desk import Desk
from denials.http.prevention import RuleRoutes
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, service_app


def routers(desk: Desk) -> list[APIRouter]:
    """Return every route of the service."""
    denials, appeals, rules = (APIRouter(prefix="/v1", tags=[tag]) for tag in ("denials", "appeals", "prevention"))
    denials_of, appeals_of, rules_of = DenialRoutes(desk), AppealRoutes(desk), RuleRoutes(desk)

    denials.add_api_route("/denials", denials_of.list_denials, methods=["GET"])
    denials.add_api_route("/denials/{denial_id}", denials_of.read_denial, methods=["GET"])
    denials.add_api_route("/denials/{denial_id}/assign", denials_of.assign_denial, methods=["POST"])
    denials.add_api_route("/denials/{denial_id}/resume", denials_of.resume_denial, methods=["POST"])
    denials.add_api_route("/denials/{denial_id}/write-off", denials_of.write_off_denial, methods=["POST"])
    denials.add_api_route("/denials/{denial_id}/accept", denials_of.accept_denial, methods=["POST"])
    denials.add_api_route("/denials/{denial_id}/bill-patient", denials_of.bill_patient, methods=["POST"])
    denials.add_api_route("/corrections", denials_of.request_correction, methods=["POST"], status_code=201)
    appeals.add_api_route("/appeals", appeals_of.file_appeal, methods=["POST"], status_code=201)
    appeals.add_api_route("/appeals", appeals_of.list_appeals, methods=["GET"])
    appeals.add_api_route("/appeals/{appeal_id}", appeals_of.read_appeal, methods=["GET"])
    appeals.add_api_route(
        "/appeals/{appeal_id}/letter.pdf", appeals_of.read_letter, methods=["GET"], response_class=Response
    )
    appeals.add_api_route("/appeals/{appeal_id}/decision", appeals_of.record_decision, methods=["POST"])
    rules.add_api_route("/prevention-rules", rules_of.list_rules, methods=["GET"])
    rules.add_api_route("/prevention-rules/{rule_id}/activate", rules_of.activate_rule, methods=["POST"])
    rules.add_api_route("/prevention-rules/{rule_id}/retire", rules_of.retire_rule, methods=["POST"])
    rules.add_api_route("/underpayments", rules_of.list_underpayments, methods=["GET"])
    return [denials, appeals, rules]


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(service_app(name="denials", routers=routers(Desk(nobody)), verifier=nobody))


def build_app(runtime: Runtime[Any], verifier: Verifier) -> FastAPI:
    """Make the application of denials."""
    return service_app(
        name="denials",
        routers=routers(Desk(runtime)),
        verifier=verifier,
        clock=runtime.clock,
        readiness={"database": runtime.check},
    )
