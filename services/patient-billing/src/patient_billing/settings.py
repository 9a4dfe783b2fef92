"""Settings of patient billing's processes: the kit's settings, and the mail partner."""

from typing import Literal

from revcycle_kit.program import ServiceSettings

Form = Literal["pdf", "text"]
"""How a letter is handed to the mail partner."""


class Settings(ServiceSettings):
    """Settings in `REVCYCLE_…` variables; nothing else reads the environment."""

    mail: str = ""
    """The address to which letters are posted."""
    statement_form: Form = "pdf"
    """`pdf` for a letter shop, `text` where nobody prints."""
