"""What claims' processes are told: the kit's settings, and the clearinghouse."""

from pydantic import SecretStr

from revcycle_kit.program import ServiceSettings


class Settings(ServiceSettings):
    """Settings in `REVCYCLE_…` variables; nothing else reads the environment."""

    clearinghouse_url: str = ""
    """The clearinghouse that takes 837 and 276; empty: claims wait in the queue."""
    clearinghouse_token: SecretStr = SecretStr("")
    clearinghouse_submitter: str = ""
    """ISA06; empty: the tax number of each payee, so that what comes back names the payee."""
    clearinghouse_receiver: str = "CLEARINGHOUSE"
    clearinghouse_test: bool = True
    """ISA15: T until the clearinghouse says otherwise, so that a test never reaches a payer."""
