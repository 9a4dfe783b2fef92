"""The settings of eligibility's processes: the kit's settings, the clearinghouse, and where EHR systems connect."""

from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from revcycle_kit.program import ServiceSettings


class Settings(ServiceSettings):
    """Settings in `REVCYCLE_…` variables; nothing else reads the environment."""

    clearinghouse_url: str = ""
    """The clearinghouse that answers 270 and 278 in real time; empty: nobody is asked."""
    clearinghouse_token: SecretStr = SecretStr("")
    clearinghouse_submitter: str = "REVCYCLE"
    clearinghouse_receiver: str = "CLEARINGHOUSE"
    clearinghouse_test: bool = True
    """ISA15: T until the clearinghouse says otherwise, so that a test never reaches a payer."""
    mllp_port: int = 0
    """Where EHR systems connect; 0: no listener."""
    mllp_host: str = "127.0.0.1"
    mllp_certificate: Path | None = None
    """Certificate chain and key for TLS, in one PEM file."""
    mllp_client_authority: Path | None = None
    """Authority whose client certificates are asked for."""
    mllp_organization: UUID | None = None
    """The organization whose clinics are meant by MSH-4."""
    mllp_clinic: UUID | None = None
    """The clinic of messages whose MSH-4 names none."""
