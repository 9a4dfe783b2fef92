"""The description: valid OpenAPI, the same every time, with the roles and problems of every route."""

import json
from typing import Any, Protocol

import pytest
from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from revcycle_kit.http import openapi_json


class Service(Protocol):
    """What the fixture offers."""

    app: FastAPI


@pytest.fixture
def described(service: Service) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(openapi_json(service.app))
    return made


def test_other_peoples_validator_accepts_it(described: dict[str, Any]) -> None:
    assert [] == list(OpenAPIV31SpecValidator(described).iter_errors())


def test_it_is_the_same_every_time_and_ends_in_a_newline(service: Service) -> None:
    first = openapi_json(service.app)
    service.app.openapi_schema = None
    assert first == openapi_json(service.app)
    assert first.endswith("}\n")


def test_every_route_says_which_roles_it_needs(described: dict[str, Any]) -> None:
    roles = {
        path: operation.get("x-roles")
        for path, operations in described["paths"].items()
        for operation in operations.values()
    }
    assert {
        "/v1/clinics/{clinic_id}": [["biller", "coder"]],
        "/v1/orders": [["biller"]],
        "/v1/files": [[]],
        "/v1/rows": [[]],
        "/v1/outcomes/{kind}": [[]],
        "/v1/moment": None,
    } == roles


def test_a_granted_route_asks_for_a_bearer_token_and_a_public_one_does_not(described: dict[str, Any]) -> None:
    assert [{"HTTPBearer": []}] == described["paths"]["/v1/rows"]["get"]["security"]
    assert [] == described["paths"]["/v1/moment"]["get"]["security"]
    assert "bearer" == described["components"]["securitySchemes"]["HTTPBearer"]["scheme"]


def test_problems_are_described_on_every_route(described: dict[str, Any]) -> None:
    order, moment = described["paths"]["/v1/orders"]["post"], described["paths"]["/v1/moment"]["get"]
    assert {"201", "400", "401", "403", "404", "409", "413", "422", "500", "503"} == set(order["responses"])
    assert {"200", "422", "500", "503"} == set(moment["responses"])
    for status, response in order["responses"].items():
        if status != "201":
            assert ["application/problem+json"] == list(response["content"])


def test_the_key_of_a_command_is_a_required_header(described: dict[str, Any]) -> None:
    [header] = [one for one in described["paths"]["/v1/orders"]["post"]["parameters"] if one["in"] == "header"]
    assert ("Idempotency-Key", True, "string") == (header["name"], header["required"], header["schema"]["type"])


def test_operations_are_named_by_their_functions(described: dict[str, Any]) -> None:
    assert "place_order" == described["paths"]["/v1/orders"]["post"]["operationId"]


def test_health_and_metrics_are_not_part_of_the_promise(described: dict[str, Any]) -> None:
    assert all(path.startswith("/v1/") for path in described["paths"])
