"""The HTTP application, with the MLLP listener beside it where one is configured."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from eligibility.http import authorizations, directory, encounters, front_desk, messages
from eligibility.intake.mllp import MllpServer
from eligibility.intake.receiver import MessageReceiver, MllpReceiver, Source
from eligibility.storage import EligibilityWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.http import openapi_json, service_app
from revcycle_kit.keyring import KeyRing


@dataclass(frozen=True, slots=True)
class Listener:
    """Where EHR systems connect by MLLP, and whose messages they bring."""

    host: str
    port: int
    source: Source
    certificate: Path | None = None
    client_authority: Path | None = None


def build_app(
    runtime: Runtime[EligibilityWork], verifier: Verifier, keys: KeyRing, listener: Listener | None = None
) -> FastAPI:
    """Make the application."""
    receiver = MessageReceiver(runtime)
    return service_app(
        name="eligibility",
        routers=_routers(runtime, receiver, keys),
        verifier=verifier,
        clock=runtime.clock,
        readiness={"database": runtime.check},
        lifespan=_listening(runtime, receiver, listener),
    )


def describe() -> str:
    """Return the description of the application (OpenAPI), without one at work."""
    nobody: Any = None
    return openapi_json(
        service_app(name="eligibility", routers=_routers(nobody, MessageReceiver(nobody), nobody), verifier=nobody)
    )


def _routers(runtime: Runtime[EligibilityWork], receiver: MessageReceiver, keys: KeyRing) -> list[APIRouter]:
    return [
        directory.routes(runtime, keys, receiver),
        messages.routes(runtime, receiver),
        encounters.routes(runtime, receiver),
        front_desk.routes(runtime),
        authorizations.routes(runtime),
    ]


def _listening(
    runtime: Runtime[EligibilityWork], receiver: MessageReceiver, listener: Listener | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if listener is None:
            yield
            return
        async with MllpServer(MllpReceiver(receiver, listener.source, runtime).receive) as server:
            await server.start(listener.host, listener.port, _tls(listener))
            yield

    return lifespan


def _tls(listener: Listener) -> ssl.SSLContext | None:
    if listener.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(listener.certificate)
    if listener.client_authority is not None:
        context.load_verify_locations(listener.client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
