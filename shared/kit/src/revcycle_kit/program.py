"""
Program: a service as processes, `python -m claims.main api|worker|relay|connector|migrate`.

Everything comes from settings; nothing else reads the environment. Locally the key ring is files and the issuer is
our own; in production the customer's OIDC provider and Vault stand in their place.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from revcycle_kit.auth import Verifier
from revcycle_kit.auth.local import LocalIssuer
from revcycle_kit.auth.oidc import OidcVerifier
from revcycle_kit.auth.tokens import TokenRules
from revcycle_kit.bus.kafka import KafkaBus, KafkaSettings
from revcycle_kit.bus.kafka_security import KafkaMissetError, KafkaSecurity, Mechanism, Protocol
from revcycle_kit.bus.log import LogBus
from revcycle_kit.bus.protocol import Bus
from revcycle_kit.clock import SystemClock
from revcycle_kit.database.migrations import migrate
from revcycle_kit.database.security import Unprotected, assert_protected
from revcycle_kit.delivery.loops import WakeEvent, run_relay, run_worker
from revcycle_kit.delivery.runtime import Addresses, Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.errors import OperatorNeeded, Unavailable
from revcycle_kit.keyring import KeyRing
from revcycle_kit.keyring_file import FileKeyRing
from revcycle_kit.keyring_vault import VaultKeyRing
from revcycle_kit.partners.connector import Connector, run_connectors
from revcycle_kit.sealing import Sealer
from revcycle_kit.telemetry.logs import configure_logs, get_log
from revcycle_kit.telemetry.otlp import OtlpExporter
from revcycle_kit.telemetry.traces import configure_traces

S = TypeVar("S", bound="ServiceSettings")
LOOK_SECONDS = 1.0
_log = get_log()
ROLES = ("api", "worker", "relay", "connector", "migrate")


class ServiceSettings(BaseSettings):
    """What every service's processes are told, in `REVCYCLE_…` variables; a service adds its partners' addresses."""

    model_config = SettingsConfigDict(env_prefix="REVCYCLE_", extra="ignore")

    database_owner: str = Field(default="", repr=False)
    """The owner's address: only `migrate` needs it."""
    database_worker: str = Field(default="", repr=False)
    database_api: str = Field(default="", repr=False)
    kafka: str = ""
    """Bootstrap servers; empty: the log in PostgreSQL is the bus."""
    kafka_prefix: str = ""
    kafka_partitions: int = Field(default=12, ge=1)
    """Partitions of each topic, in every service alike. Fixed for ever once there is an event: more would move keys."""
    kafka_replication: int = Field(default=1, ge=1)
    kafka_member: str = ""
    """Static membership (group.instance.id): a name of this worker alone; restarted, it keeps its partitions."""
    kafka_security: Protocol = "PLAINTEXT"
    """PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."""
    kafka_ca: Path | None = None
    """PEM file of the authority that signed the brokers' certificates; empty: those that the machine knows."""
    kafka_certificate: Path | None = None
    """PEM file with our certificate and its key, where brokers ask for one."""
    kafka_mechanism: Mechanism = "SCRAM-SHA-512"
    """PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."""
    kafka_user: str = ""
    """Who we are, where the protocol has SASL in its name."""
    kafka_password_file: Path | None = None
    """The file that holds the user's password, and nothing else."""
    log_database: str = Field(default="", repr=False)
    """The log's address, where there is no Kafka."""
    keys: Path | None = None
    """The key ring's directory."""
    vault: str = ""
    """Vault's address, instead of a directory."""
    vault_token: SecretStr = SecretStr("")
    issuer: str = ""
    """The OIDC provider's issuer address."""
    audience: str = "revcycle"
    local_key: Path | None = None
    """The local issuer's key file, instead of a provider."""
    traces: str = ""
    """The collector that spans are sent to by OTLP over HTTP (`http://collector:4318`); empty: none are made."""
    traces_sampled: float = Field(default=1.0, ge=0, le=1)
    """Which share of new traces is recorded."""
    host: str = "127.0.0.1"
    port: int = 8000


def _nothing_to_fetch(settings: object, runtime: Runtime[Any]) -> Iterable[Connector]:
    """Return no connectors: the service fetches nothing."""
    del settings, runtime
    return ()


@dataclass(frozen=True, slots=True)
class Program(Generic[S]):
    """How a service is composed: its settings, its table of handlers and its HTTP application."""

    package: str
    settings: Callable[[], S]
    build: Callable[[S], Service[Any]]
    app: Callable[[Runtime[Any], Verifier], FastAPI]
    connectors: Callable[[S, Runtime[Any]], Iterable[Connector]] = _nothing_to_fetch
    """What the role `connector` polls."""

    def run(self) -> None:
        """Do what the first argument says: api, worker, relay, connector or migrate."""
        role = sys.argv[1] if len(sys.argv) > 1 else ""
        if role not in ROLES:
            raise SystemExit(f"usage: python -m {self.package}.main {'|'.join(ROLES)}")
        settings = self.settings()
        configure_logs(self.package)
        if role == "migrate":
            migrate(self.package, settings.database_owner)
        else:
            configure_traces(self.package, trace_to(settings), sampled=settings.traces_sampled)
            try:
                asyncio.run(self._serve(role, settings))
            except OperatorNeeded as found:
                raise SystemExit(f"error: {found}") from None
            finally:
                configure_traces(self.package, None)  # sends what still waits

    async def _serve(self, role: str, settings: S) -> None:
        wake = _stopped_by_signal()
        await _until_protected(settings, wake)
        if not wake.stopped:
            await self._work(role, settings, wake)

    async def _work(self, role: str, settings: S, wake: WakeEvent) -> None:
        service = self.build(settings)
        runtime = Runtime(
            service,
            Addresses(settings.database_worker, settings.database_api),
            await bus_of(settings),
            Sealer(key_ring_of(settings, service.name)),
            SystemClock(),
        )
        try:
            if role == "worker":
                await run_worker(runtime, wake)
            elif role == "relay":
                await run_relay(runtime, wake)
            elif role == "connector":
                await self._fetch(settings, runtime, wake)
            else:
                app = self.app(runtime, await verifier_of(settings))
                await uvicorn.Server(
                    uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, access_log=False)
                ).serve()
        finally:
            await runtime.close()

    async def _fetch(self, settings: S, runtime: Runtime[Any], wake: WakeEvent) -> None:
        connectors = list(self.connectors(settings, runtime))
        if not connectors:
            raise SystemExit(f"{self.package} fetches nothing: it needs no connector")
        async with AsyncExitStack() as stack:
            for connector in connectors:
                stack.push_async_callback(connector.close)
            await run_connectors(connectors, SystemClock(), wake)


async def _until_protected(settings: ServiceSettings, wake: WakeEvent) -> None:
    """Look that row security holds for both roles before anything is done; wait while the server is out of reach."""
    while not wake.stopped:
        try:
            return await assert_protected(settings.database_worker, settings.database_api)
        except Unprotected as found:
            raise SystemExit(f"error: {found}") from None
        except Unavailable:
            _log.warning("start waits", reason="PostgreSQL")
            await wake.pause(LOOK_SECONDS)
    return None


async def bus_of(settings: ServiceSettings) -> Bus:
    """Return the bus that the settings name."""
    if settings.kafka:
        return KafkaBus(kafka_of(settings))
    bus = LogBus(settings.log_database)
    await bus.start()
    return bus


def kafka_of(settings: ServiceSettings) -> KafkaSettings:
    """Return how Kafka is reached. Raises SystemExit where the settings contradict one another."""
    security = KafkaSecurity(
        settings.kafka_security,
        settings.kafka_ca,
        settings.kafka_certificate,
        settings.kafka_mechanism,
        settings.kafka_user,
        settings.kafka_password_file,
    )
    try:
        client = security.arguments()
    except KafkaMissetError as error:
        raise SystemExit(f"error: {error}") from None
    return KafkaSettings(
        settings.kafka,
        prefix=settings.kafka_prefix,
        partitions=settings.kafka_partitions,
        replication=settings.kafka_replication,
        client=client,
        member=settings.kafka_member,
    )


def trace_to(settings: ServiceSettings) -> OtlpExporter | None:
    """Return what sends spans away, if the settings name a collector."""
    return OtlpExporter(settings.traces) if settings.traces else None


def key_ring_of(settings: ServiceSettings, service: str) -> KeyRing:
    """Return the key ring that the settings name, as this service sees it."""
    name = service.replace("_", "-")
    if settings.vault:
        client = httpx.Client(base_url=settings.vault, timeout=5)
        return VaultKeyRing(client, name, token=settings.vault_token.get_secret_value)
    if settings.keys is None:
        raise SystemExit("set REVCYCLE_KEYS to the key ring's directory, or REVCYCLE_VAULT to Vault's address")
    return FileKeyRing(settings.keys, name)


async def verifier_of(settings: ServiceSettings) -> Verifier:
    """Return who decides whether a token is believed."""
    if settings.issuer:
        rules = TokenRules(issuer=settings.issuer, audience=settings.audience)
        return OidcVerifier(httpx.AsyncClient(timeout=5), rules)
    if settings.local_key is None:
        raise SystemExit(
            "set REVCYCLE_ISSUER to the OIDC provider, or REVCYCLE_LOCAL_KEY to the local issuer's key file"
        )
    return LocalIssuer(settings.local_key, audience=settings.audience)


def _stopped_by_signal() -> WakeEvent:
    wake = WakeEvent()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wake.stop)
    return wake
