"""
Writes `docker-compose.yml`: the five services in three roles each, and the world outside, from one table.

`python deploy/docker/compose.py > docker-compose.yml`; a test says when the file is stale.
"""

import sys
from typing import Any

import yaml

from revcycle.server.directory import places_of
from revcycle_sandbox import demo_world

STATE = "/var/lib/revcycle"
PORT = 8000
MLLP_PORT = 2575
FIRST_PORT = 8001
ANYWHERE = "0.0.0.0"  # noqa: S104 - inside the network of the composition; published on loopback only
SANDBOX = f"http://sandbox:{PORT}"
PARTNERS = {
    "eligibility": {"REVCYCLE_CLEARINGHOUSE_URL": SANDBOX, "REVCYCLE_CLEARINGHOUSE_TOKEN": "sandbox"},
    "claims": {"REVCYCLE_CLEARINGHOUSE_URL": SANDBOX, "REVCYCLE_CLEARINGHOUSE_TOKEN": "sandbox"},
    "denials": {"REVCYCLE_CORRESPONDENCE_URL": f"{SANDBOX}/letters", "REVCYCLE_CORRESPONDENCE_TOKEN": "sandbox"},
    "patient-billing": {"REVCYCLE_MAIL": f"{SANDBOX}/mail", "REVCYCLE_STATEMENT_FORM": "pdf"},
    "analytics": {},
}
"""What each service is told of its partners: the sandbox stands in their place."""
MIGRATED = {"condition": "service_completed_successfully"}
HEALTHY = {"condition": "service_healthy"}


def composed() -> dict[str, Any]:
    """Return the whole composition."""
    services: dict[str, Any] = {"postgres": _postgres(), "kafka": _kafka()}
    for index, name in enumerate(PARTNERS):
        services[f"{name}-migrate"] = _service(name, "migrate")
        for role in ("api", "worker", "relay"):
            services[f"{name}-{role}"] = _service(name, role)
        services[f"{name}-api"]["ports"] = [f"127.0.0.1:{FIRST_PORT + index}:{PORT}"]
    _listen_for_ehr(services["eligibility-api"])
    return {
        "name": "revcycle",
        "services": services | {"sandbox": _sandbox()},
        "volumes": {"postgres": {}, "kafka": {}, "keys": {}},
        "secrets": {"database_password": {"environment": "REVCYCLE_DATABASE_PASSWORD"}},
    }


def _service(name: str, role: str) -> dict[str, Any]:
    """Return one role of a service, told only what that role reads."""
    package = name.replace("-", "_")
    bus, keys = {"REVCYCLE_KAFKA": "kafka:9092"}, {"REVCYCLE_KEYS": f"{STATE}/keys"}
    told = {
        "migrate": {},
        "api": {**bus, **keys, "REVCYCLE_LOCAL_KEY": f"{STATE}/issuer.key", "REVCYCLE_HOST": ANYWHERE},
        "worker": {**bus, **keys},
        "relay": {**bus, **keys},
    }[role]
    users = ("owner",) if role == "migrate" else ("worker", "api")
    addresses = {f"REVCYCLE_DATABASE_{user.upper()}": _database(package, user) for user in users}
    partners = PARTNERS[name] if role == "worker" else {}
    return _process(
        name,
        ["python", "-m", f"{package}.main", role],
        {"REVCYCLE_ROLE": role, **addresses, **told, **partners},
        {
            "migrate": {"postgres": HEALTHY},
            "api": {f"{name}-migrate": MIGRATED},
            "worker": {f"{name}-migrate": MIGRATED, "kafka": HEALTHY},
            "relay": {f"{name}-migrate": MIGRATED, "kafka": HEALTHY},
        }[role],
        volume="keys",
        restart="no" if role == "migrate" else "unless-stopped",
    )


def _database(package: str, user: str) -> str:
    told = "${REVCYCLE_DATABASE_PASSWORD:?set a password of letters and digits}"
    return f"postgresql://{package}_{user}:{told}@postgres:5432/{package}"


def _listen_for_ehr(api: dict[str, Any]) -> None:
    """Let EHR systems connect by MLLP; whose clinics they mean follows from the sandbox's directory."""
    places = places_of(demo_world(seed=1, encounters=1, months=1))
    api["environment"] |= {
        "REVCYCLE_MLLP_HOST": ANYWHERE,
        "REVCYCLE_MLLP_PORT": str(MLLP_PORT),
        "REVCYCLE_MLLP_ORGANIZATION": str(places.organization_id),
        "REVCYCLE_MLLP_CLINIC": str(next(iter(places.clinics.values()))),
    }
    api["ports"].append(f"127.0.0.1:{MLLP_PORT}:{MLLP_PORT}")


def _process(
    image: str,
    command: list[str],
    environment: dict[str, str],
    depends: dict[str, Any],
    *,
    volume: str,
    restart: str = "unless-stopped",
) -> dict[str, Any]:
    """Return one process of ours: not root, nothing writable but its volume."""
    return {
        "image": f"revcycle/{image}",
        "build": {"context": ".", "dockerfile": "deploy/docker/Dockerfile", "args": {"IMAGE": image}},
        "command": command,
        "environment": environment,
        **({"depends_on": depends} if depends else {}),
        "init": True,
        "read_only": True,
        "tmpfs": ["/tmp"],  # noqa: S108 - in memory, of this container alone
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "volumes": [f"{volume}:{STATE}"],
        "restart": restart,
    }


def _sandbox() -> dict[str, Any]:
    called = [name for name in PARTNERS if name != "analytics"]
    addresses = {f"REVCYCLE_{name.replace('-', '_').upper()}_URL": f"http://{name}-api:{PORT}" for name in called}
    environment = {
        "REVCYCLE_ROLE": "sandbox",
        "REVCYCLE_HOST": ANYWHERE,
        "REVCYCLE_SANDBOX_ENCOUNTERS": "${REVCYCLE_ENCOUNTERS:-300}",
        "REVCYCLE_SANDBOX_DATA": f"{STATE}/sandbox",
        **addresses,
        "REVCYCLE_MLLP_HOST": "eligibility-api",
        "REVCYCLE_MLLP_PORT": str(MLLP_PORT),
        "REVCYCLE_LOCAL_KEY": f"{STATE}/issuer.key",
    }
    depends = {f"{name}-api": HEALTHY for name in called}
    return _process("sandbox", ["python", "-m", "revcycle.server.sandbox"], environment, depends, volume="keys")


def _postgres() -> dict[str, Any]:
    return {
        "image": "postgres:18",
        "environment": {"POSTGRES_PASSWORD_FILE": "/run/secrets/database_password"},
        "secrets": ["database_password"],
        "volumes": [
            "postgres:/var/lib/postgresql",
            "./deploy/docker/postgres-init.sh:/docker-entrypoint-initdb.d/init.sh:ro",
        ],
        "command": ["postgres", "-c", "max_connections=200", "-c", "jit=off"],
        # over TCP: while the databases are being made, the server listens on its socket only
        "healthcheck": {
            "test": ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "postgres"],
            "interval": "5s",
            "retries": 20,
        },
        "restart": "unless-stopped",
    }


def _kafka() -> dict[str, Any]:
    return {
        "image": "apache/kafka:4.3.1",
        "environment": {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_LOG_RETENTION_MS": "-1",
            "KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE": "false",
        },
        "volumes": ["kafka:/var/lib/kafka/data"],
        "healthcheck": {
            "test": ["CMD-SHELL", "/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9092"],
            "interval": "10s",
            "timeout": "10s",
            "retries": 20,
        },
        "restart": "unless-stopped",
    }


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice, twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - whatever it is
        return True


def text() -> str:
    """Return the file."""
    head = "# Made by deploy/docker/compose.py. Set REVCYCLE_DATABASE_PASSWORD, then `docker compose up --build`.\n"
    body: str = yaml.dump(composed(), Dumper=_Plain, sort_keys=False, width=1000)
    return head + body


if __name__ == "__main__":
    sys.stdout.write(text())
