"""What patient billing's processes are told; nothing else reads the environment."""

from patient_billing.postman import Form
from revcycle_kit.program import ServiceSettings


class BillingSettings(ServiceSettings):
    """The kit's settings, and where letters go."""

    mail: str = ""
    """The address to which letters are posted."""
    statement_form: Form = "pdf"
    """`pdf` for a letter shop, `text` where nobody prints."""
