"""
Writes `docker-compose.yml`: the same five services in three roles each, from one table.

`python deploy/docker/compose.py > docker-compose.yml`; `make check` says when it is stale.
"""

import sys
from typing import Any

import yaml

SERVICES = {
    "eligibility": {
        "REVCYCLE_CLEARINGHOUSE_URL": "http://sandbox:8000",
        "REVCYCLE_MLLP_HOST": "0.0.0.0",  # noqa: S104 - inside the container's own network
        "REVCYCLE_MLLP_PORT": "2575",
    },
    "claims": {"REVCYCLE_CLEARINGHOUSE_URL": "http://sandbox:8000"},
    "denials": {"REVCYCLE_CORRESPONDENCE_URL": "http://sandbox:8000/parcels/appeal"},
    "patient-billing": {"REVCYCLE_MAIL": "http://sandbox:8000/parcels/statement"},
    "analytics": {},
}
FIRST_PORT = 8001
MIGRATED = {"condition": "service_completed_successfully"}
HEALTHY = {"condition": "service_healthy"}


def composed() -> dict[str, Any]:
    """Return the whole composition."""
    services: dict[str, Any] = {"postgres": _postgres(), "kafka": _kafka(), "sandbox": _sandbox()}
    for index, name in enumerate(SERVICES):
        services[f"{name}-migrate"] = _process(name, "migrate")
        for role in ("api", "worker", "relay"):
            services[f"{name}-{role}"] = _process(name, role)
        services[f"{name}-api"]["ports"] = [f"127.0.0.1:{FIRST_PORT + index}:8000"]
    return {
        "name": "revcycle",
        "services": services,
        "volumes": {"postgres": {}, "kafka": {}, "keys": {}},
        "secrets": {"database_password": {"environment": "REVCYCLE_DATABASE_PASSWORD"}},
    }


def _process(service: str, role: str) -> dict[str, Any]:
    package = service.replace("-", "_")
    environment = {
        "REVCYCLE_ROLE": role,
        "REVCYCLE_KAFKA": "kafka:9092",
        "REVCYCLE_KEYS": "/var/lib/revcycle/keys",
        "REVCYCLE_LOCAL_KEY": "/var/lib/revcycle/issuer.key",
        **{
            f"REVCYCLE_DATABASE_{user.upper()}": (
                f"postgresql://{package}_{user}:${{REVCYCLE_DATABASE_PASSWORD:?set a password}}@postgres:5432/{package}"
            )
            for user in (("owner",) if role == "migrate" else ("worker", "api"))
        },
        **({"REVCYCLE_HOST": "0.0.0.0"} if role == "api" else {}),  # noqa: S104 - published on loopback only
        **(SERVICES[service] if role != "migrate" else {}),
    }
    depends = {"postgres": HEALTHY} if role == "migrate" else {f"{service}-migrate": MIGRATED, "kafka": HEALTHY}
    return {
        "image": f"revcycle/{service}",
        "build": {"context": ".", "dockerfile": "deploy/docker/Dockerfile", "args": {"SERVICE": service}},
        "command": ["python", "-m", f"{package}.main", role],
        "environment": environment,
        "depends_on": depends,
        "init": True,
        "read_only": True,
        "cap_drop": ["ALL"],
        "volumes": ["keys:/var/lib/revcycle"],
        "restart": "no" if role == "migrate" else "unless-stopped",
    }


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
        "healthcheck": {"test": ["CMD", "pg_isready", "-U", "postgres"], "interval": "5s", "retries": 20},
        "restart": "unless-stopped",
    }


def _kafka() -> dict[str, Any]:
    return {
        "image": "apache/kafka:4.1.0",
        "environment": {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://kafka:9092",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@kafka:9093",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_LOG_RETENTION_MS": "-1",
        },
        "volumes": ["kafka:/var/lib/kafka/data"],
        "healthcheck": {
            "test": ["CMD-SHELL", "/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9092"],
            "interval": "10s",
            "retries": 20,
        },
        "restart": "unless-stopped",
    }


def _sandbox() -> dict[str, Any]:
    return {
        "image": "revcycle/sandbox",
        "build": {"context": ".", "dockerfile": "deploy/docker/Dockerfile", "args": {"SERVICE": "sandbox"}},
        "command": ["python", "-m", "revcycle_sandbox.main"],
        "environment": {"SANDBOX_HOST": "0.0.0.0", "SANDBOX_PORT": "8000"},  # noqa: S104 - inside its own network
        "init": True,
        "read_only": True,
        "cap_drop": ["ALL"],
        "restart": "unless-stopped",
    }


def main() -> None:
    """Print the composition."""
    sys.stdout.write("# Made by deploy/docker/compose.py. Set REVCYCLE_DATABASE_PASSWORD, then `docker compose up`.\n")
    yaml.safe_dump(composed(), sys.stdout, sort_keys=False, width=120)


if __name__ == "__main__":
    main()
