"""The compose file is what its program writes, and tells each process only what that process reads."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from analytics.settings import Settings as AnalyticsSettings
from claims.settings import Settings as ClaimsSettings
from denials.settings import Settings as DenialsSettings
from eligibility.settings import Settings as EligibilitySettings
from patient_billing.settings import Settings as BillingSettings
from revcycle.server.sandbox import SandboxSettings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS: dict[str, type[BaseSettings]] = {
    "eligibility": EligibilitySettings,
    "claims": ClaimsSettings,
    "denials": DenialsSettings,
    "patient-billing": BillingSettings,
    "analytics": AnalyticsSettings,
    "sandbox": SandboxSettings,
}
ROLE = "REVCYCLE_ROLE"
"""Read by the container's health check."""


@pytest.fixture
def composed() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return read


def test_the_file_is_what_its_program_writes() -> None:
    """Else: python deploy/docker/compose.py > docker-compose.yml."""
    spec = importlib.util.spec_from_file_location("compose", ROOT / "deploy/docker/compose.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)

    assert program.text() == (ROOT / "docker-compose.yml").read_text()


@pytest.mark.parametrize("image", sorted(SETTINGS))
def test_every_variable_is_one_that_the_process_reads(composed: dict[str, Any], image: str) -> None:
    """A name that nobody reads would be a setting that is not set."""
    fields = {f"REVCYCLE_{name.upper()}" for name in SETTINGS[image].model_fields}
    told = [
        (name, variable)
        for name, service in composed["services"].items()
        if service["image"] == f"revcycle/{image}"
        for variable in service["environment"]
    ]

    assert told
    assert [] == [each for each in told if each[1] not in fields | {ROLE}]


def test_every_address_names_a_service_of_the_composition(composed: dict[str, Any]) -> None:
    services = composed["services"]
    ours = [service for service in services.values() if service["image"].startswith("revcycle/")]
    text = " ".join(str(value) for service in ours for value in service["environment"].values())

    named = set(re.findall(r"(?:http://|@)([a-z-]+):\d+", text))

    assert named >= {"postgres", "sandbox", "eligibility-api"}
    assert named <= set(services)


def test_what_somebody_depends_on_exists_and_can_be_so(composed: dict[str, Any]) -> None:
    """Only jobs complete; health is asked of what the image or the file has a check for."""
    services = composed["services"]
    for name, service in services.items():
        for needed, told in service.get("depends_on", {}).items():
            assert needed in services, name
            assert (told["condition"] == "service_completed_successfully") == (services[needed].get("restart") == "no")


def test_our_processes_may_write_nothing_but_their_volume(composed: dict[str, Any]) -> None:
    ours = [each for each in composed["services"].values() if each["image"].startswith("revcycle/")]

    assert len(ours) == 5 * 4 + 1
    assert all(
        service["read_only"] and service["cap_drop"] == ["ALL"] and len(service["volumes"]) == 1 for service in ours
    )


def test_every_port_is_published_on_loopback_only(composed: dict[str, Any]) -> None:
    ports = [port for each in composed["services"].values() for port in each.get("ports", [])]

    assert len(ports) == 6
    assert all(port.startswith("127.0.0.1:") for port in ports)
