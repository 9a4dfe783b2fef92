"""The application, made of its routers."""

from typing import Any, Final

from fastapi import FastAPI

from analytics.http import figures, journeys
from analytics.storage import AnalyticsWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, service_app

ROUTERS: Final = (journeys.router, figures.router)


def build_app(runtime: Runtime[AnalyticsWork], verifier: Verifier) -> FastAPI:
    """Make the application over a runtime; tokens are believed as the verifier says."""
    return service_app(name="analytics", routers=ROUTERS, verifier=verifier, runtime=runtime)


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(service_app(name="analytics", routers=ROUTERS, verifier=nobody))
