"""The application, made of its routers."""

from typing import Any, Final

from fastapi import FastAPI

from claims.http import cash, claims, coding, interchanges, setup
from claims.storage import ClaimsWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, service_app, undelivered

ROUTERS: Final = tuple(module.router for module in (coding, claims, interchanges, cash, setup, undelivered))


def build_app(runtime: Runtime[ClaimsWork], verifier: Verifier) -> FastAPI:
    """Return the application over a runtime; tokens are believed as the verifier says."""
    return service_app(name="claims", routers=ROUTERS, verifier=verifier, runtime=runtime)


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(service_app(name="claims", routers=ROUTERS, verifier=nobody))
