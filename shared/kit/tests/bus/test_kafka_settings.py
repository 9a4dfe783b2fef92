"""From the environment to the Kafka client: who we are, whom we believe, and that no password is shown."""

import asyncio
import inspect
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from revcycle_kit.bus.kafka import KafkaBus, KafkaSettings
from revcycle_kit.errors import Unavailable
from revcycle_kit.program import ServiceSettings, kafka_of

PASSWORD = "Zyxwv-Canary-9"
API_VERSIONS = 18
Set = Callable[..., KafkaSettings]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "broker.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the environment as a process is started with, and give the settings of its bus."""

    def set_environment(**variables: object) -> KafkaSettings:
        for name, value in {"kafka": "broker:9093", **variables}.items():
            monkeypatch.setenv(f"REVCYCLE_{name.upper()}", str(value))
        return kafka_of(ServiceSettings())

    return set_environment


def test_a_user_over_tls_is_passed_on_as_the_clients_take_it(told: Set, password_file: Path, certificate: Path) -> None:
    settings = told(
        kafka_security="SASL_SSL", kafka_ca=certificate, kafka_user="claims", kafka_password_file=password_file
    )
    client = dict(settings.client)
    context = client.pop("ssl_context")
    assert {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "claims",
        "sasl_plain_password": PASSWORD,
    } == client
    assert isinstance(context, ssl.SSLContext)
    assert (ssl.CERT_REQUIRED, True) == (context.verify_mode, context.check_hostname)


@pytest.mark.parametrize("kind", [AIOKafkaConsumer, AIOKafkaProducer, AIOKafkaAdminClient])
def test_every_kind_of_client_takes_what_is_passed_on(
    told: Set, password_file: Path, certificate: Path, kind: type
) -> None:
    settings = told(
        kafka_security="SASL_SSL", kafka_ca=certificate, kafka_user="claims", kafka_password_file=password_file
    )
    assert settings.client.keys() <= inspect.signature(kind).parameters.keys()


def test_partitions_copies_and_the_members_name_are_passed_on(told: Set) -> None:
    settings = told(kafka_partitions=24, kafka_replication=3, kafka_member="claims-1", kafka_prefix="test.")
    assert (24, 3, "claims-1", "test.") == (
        settings.partitions,
        settings.replication,
        settings.member,
        settings.prefix,
    )


def test_without_a_word_nothing_changes(told: Set) -> None:
    settings = told()
    assert (12, 1, "", {"security_protocol": "PLAINTEXT"}) == (
        settings.partitions,
        settings.replication,
        settings.member,
        dict(settings.client),
    )


def test_no_password_is_shown_by_any_of_the_settings(
    told: Set, password_file: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {
        "database_owner": f"postgresql://u:{PASSWORD}@server/claims",
        "database_worker": f"postgresql://u:{PASSWORD}@server/claims",
        "database_api": f"postgresql://u:{PASSWORD}@server/claims",
        "log_database": f"postgresql://u:{PASSWORD}@server/bus",
        "vault_token": PASSWORD,
    }
    for name, value in secrets.items():
        monkeypatch.setenv(f"REVCYCLE_{name.upper()}", value)
    settings = told(
        kafka_security="SASL_SSL", kafka_ca=certificate, kafka_user="claims", kafka_password_file=password_file
    )
    shown = f"{settings!r} {settings} {ServiceSettings()!r} {ServiceSettings()}"
    assert "broker:9093" in shown
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"kafka_security": "SASL_SSL"}, "REVCYCLE_KAFKA_USER"),
        ({"kafka_security": "SASL_SSL", "kafka_user": "claims"}, "REVCYCLE_KAFKA_PASSWORD_FILE"),
        (
            {"kafka_security": "SASL_SSL", "kafka_user": "claims", "kafka_password_file": "nowhere"},
            "REVCYCLE_KAFKA_PASSWORD_FILE",
        ),
        (
            {"kafka_security": "SASL_SSL", "kafka_user": "claims", "kafka_password_file": "/dev/null"},
            "is empty",
        ),
        ({"kafka_user": "claims"}, "REVCYCLE_KAFKA_SECURITY"),
        ({"kafka_ca": "ca.pem"}, "REVCYCLE_KAFKA_SECURITY"),
        ({"kafka_security": "SSL", "kafka_ca": "nowhere"}, "REVCYCLE_KAFKA_CA"),
        (
            {
                "kafka_security": "SASL_PLAINTEXT",
                "kafka_mechanism": "PLAIN",
                "kafka_user": "claims",
                "kafka_password_file": "x",
            },
            "shows the password",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(told: Set, variables: dict[str, str], advice: str) -> None:
    with pytest.raises(SystemExit, match=advice) as refusal:
        told(**variables)
    assert PASSWORD not in str(refusal.value)


@asynccontextmanager
async def listener(certificate: Path) -> AsyncIterator[tuple[str, list[int]]]:
    """Listen with TLS; give the address, and the kinds of request that came. Nothing is answered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    kinds: list[int] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kinds.append(struct.unpack(">ih", await reader.readexactly(6))[1])
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", kinds


async def test_a_broker_that_the_authority_vouches_for_is_spoken_to(told: Set, certificate: Path) -> None:
    async with listener(certificate) as (address, kinds):
        settings = told(kafka=address, kafka_security="SSL", kafka_ca=certificate)
        with pytest.raises(Unavailable):  # it hangs up, which is all that it can
            await KafkaBus(settings).ensure(["claims.events"])
    assert API_VERSIONS in kinds


async def test_a_broker_that_nobody_vouches_for_hears_nothing(told: Set, certificate: Path) -> None:
    async with listener(certificate) as (address, kinds):
        settings = told(kafka=address, kafka_security="SSL")
        with pytest.raises(Unavailable):
            await KafkaBus(settings).ensure(["claims.events"])
    assert [] == kinds
