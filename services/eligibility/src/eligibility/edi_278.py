"""The request for authorization (278) and its answer, 005010X217."""

from eligibility.domain.authorization import Decision
from eligibility.edi import Parties
from eligibility.tasks import AskAuthorization
from revcycle_kit.errors import Unavailable


def write_request(question: AskAuthorization, key: str, parties: Parties) -> bytes:
    """Write the interchange that asks for an authorization."""
    raise Unavailable(f"278 {question.authorization_id} {key} {parties}")


def read_decision(content: bytes) -> Decision:
    """Read the payer's decision."""
    raise Unavailable(f"278 {len(content)}")
