"""How clients prove to Kafka who they are, and Kafka to them: settings as aiokafka's arguments."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from aiokafka.helpers import create_ssl_context

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class KafkaMissetError(Exception):
    """The settings for Kafka contradict one another, or name a file that cannot be used; the text says what to set."""


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """How to connect: the protocol, whom to believe, and who we are. The password is read from its file at each use."""

    protocol: Protocol = "PLAINTEXT"
    authority: Path | None = None
    """The authority (PEM) that signed the brokers' certificates; none: those that the machine knows."""
    certificate: Path | None = None
    """Our certificate and its key, in one PEM file, where brokers ask for one."""
    mechanism: Mechanism = "SCRAM-SHA-512"
    user: str = ""
    password_file: Path | None = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of every aiokafka client. Raises KafkaMissetError."""
        told: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol.endswith("SSL"):
            told["ssl_context"] = self._ssl()
        elif self.authority or self.certificate:
            raise KafkaMissetError(
                f"certificates are given and the protocol is {self.protocol}: set REVCYCLE_KAFKA_SECURITY to SSL or "
                "SASL_SSL, or give none"
            )
        return told | (self._sasl() if self.protocol.startswith("SASL") else self._nobody())

    def _ssl(self) -> ssl.SSLContext:
        try:
            made: ssl.SSLContext = create_ssl_context(cafile=self.authority, certfile=self.certificate)
        except (OSError, ssl.SSLError) as error:
            raise KafkaMissetError(
                f"the certificates for Kafka cannot be used ({type(error).__name__}): REVCYCLE_KAFKA_CA and "
                "REVCYCLE_KAFKA_CERTIFICATE name PEM files that this process can read"
            ) from error
        return made

    def _sasl(self) -> dict[str, Any]:
        if not self.user or self.password_file is None:
            raise KafkaMissetError(
                f"{self.protocol} needs a user: set REVCYCLE_KAFKA_USER and REVCYCLE_KAFKA_PASSWORD_FILE"
            )
        if (self.protocol, self.mechanism) == ("SASL_PLAINTEXT", "PLAIN"):
            raise KafkaMissetError(
                "PLAIN over SASL_PLAINTEXT shows the password to the network: set REVCYCLE_KAFKA_SECURITY to SASL_SSL, "
                "or REVCYCLE_KAFKA_MECHANISM to SCRAM-SHA-512"
            )
        password = _read(self.password_file)
        return {
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": password,
        }

    def _nobody(self) -> dict[str, Any]:
        if self.user or self.password_file:
            raise KafkaMissetError(
                f"a user is given and {self.protocol} has none: set REVCYCLE_KAFKA_SECURITY to SASL_SSL, or give none"
            )
        return {}


def _read(file: Path) -> str:
    try:
        password = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise KafkaMissetError(
            f"the password for Kafka cannot be read ({type(error).__name__}): REVCYCLE_KAFKA_PASSWORD_FILE names a "
            "file that this process can read"
        ) from error
    if not password:
        raise KafkaMissetError("the file that REVCYCLE_KAFKA_PASSWORD_FILE names is empty: put the password in it")
    return password
