"""The HTTP application, with the MLLP listener beside it where one is configured."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI

from eligibility.http import authorizations, directory, encounters, front_desk, messages
from eligibility.intake.listener import Listener, listening
from eligibility.intake.receiver import MessageReceiver
from eligibility.storage import EligibilityWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, service_app, undelivered
from revcycle_kit.keyring import KeyRing

ROUTERS: Final = tuple(
    module.router for module in (directory, messages, encounters, front_desk, authorizations, undelivered)
)


def build_app(
    runtime: Runtime[EligibilityWork], verifier: Verifier, keys: KeyRing, listener: Listener | None = None
) -> FastAPI:
    """Return the application over a runtime; clinics and payees get their keys from the key ring."""
    receiver = MessageReceiver(runtime)
    app = service_app(
        name="eligibility",
        routers=ROUTERS,
        verifier=verifier,
        runtime=runtime,
        lifespan=_lifespan(receiver, listener),
    )
    app.state.receiver = receiver
    app.state.keys = keys
    return app


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(service_app(name="eligibility", routers=ROUTERS, verifier=nobody))


def _lifespan(
    receiver: MessageReceiver, listener: Listener | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if listener is None:
            yield
        else:
            async with listening(receiver, listener):
                yield

    return lifespan
