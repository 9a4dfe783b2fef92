"""What denials' processes are told: the kit's settings, and where letters go."""

from pydantic import SecretStr

from revcycle_kit.program import ServiceSettings


class Settings(ServiceSettings):
    """Settings in `REVCYCLE_…` variables; nothing else reads the environment."""

    correspondence_url: str = ""
    """The vendor that mails or faxes letters to payers."""
    correspondence_token: SecretStr = SecretStr("")
