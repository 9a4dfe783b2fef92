"""
The OpenAPI description, completed by what the kit knows: problems, roles, required keys.

It is generated, committed, and the same for the same routes.
"""

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from revcycle_kit.http.commands import command_key
from revcycle_kit.http.problems import MEDIA_TYPE, Problem
from revcycle_kit.http.rules import PublicRule, RoleRule, route_contexts
from revcycle_kit.idempotency import KEY_HEADER

_ALWAYS: Final = {"422": "The request is not valid", "500": "Our fault", "503": "Something is out of reach"}
_GRANTED: Final = {"401": "No valid token", "403": "The role is missing", "404": "No such thing, or not yours"}
_COMMAND: Final = {"400": "No Idempotency-Key", "409": "The present state forbids it", "413": "The body is too large"}
_REFERENCE: Final = "#/components/schemas/Problem"


def openapi_json(app: FastAPI) -> str:
    """Return the description of an application as text to commit: sorted, indented, ending in a newline."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def description(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of an application's routes."""
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for context, calls in route_contexts(app):
        for method in context.methods or ():
            operation = made["paths"].get(context.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, calls)
    return made


def _complete(operation: dict[str, Any], calls: list[Any]) -> None:
    causes = dict(_ALWAYS)
    if any(isinstance(call, PublicRule) for call in calls):
        operation["security"] = []
    else:
        causes |= _GRANTED
        rules = [sorted(call.roles) for call in calls if isinstance(call, RoleRule)]
        operation["x-roles"] = rules
    if any(call is command_key for call in calls):
        causes |= _COMMAND
        _require_key(operation)
    for status, cause in causes.items():
        operation["responses"][status] = {
            "description": cause,
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}}},
        }


def _require_key(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["name"] == KEY_HEADER:
            text = {"type": "string", "minLength": 1, "maxLength": 128}
            parameter |= {"required": True, "schema": {**text, "title": KEY_HEADER}}
