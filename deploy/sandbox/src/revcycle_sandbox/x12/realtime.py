"""270, 276 and 278, answered at once from the state of the last step."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from revcycle_sandbox.clearinghouse import Clearinghouse
from revcycle_sandbox.draws import Draws
from revcycle_sandbox.payer.office import Office
from revcycle_sandbox.x12.building import Draft, control_number, interchange
from revcycle_sandbox.x12.claim_status import answer_status
from revcycle_sandbox.x12.eligibility import answer_eligibility
from revcycle_sandbox.x12.reviews import answer_review
from revcycle_x12 import NotX12Error, Transaction, read

Offices = Callable[[str, str], Office | None]
Answer = Callable[[Transaction, Offices, Draws, datetime], Draft]
ANSWERS: Final[dict[str, Answer]] = {"270": answer_eligibility, "276": answer_status, "278": answer_review}


class Realtime:
    """Answers inquiries as the clearinghouse's real-time service."""

    def __init__(self, clearinghouse: Clearinghouse, draws: Draws, *, is_test: bool) -> None:
        self.clearinghouse = clearinghouse
        self.draws = draws
        self.is_test = is_test

    def answer(self, content: bytes, at: datetime) -> bytes:
        """Answer one interchange. Raises NotX12Error where it asks nothing that is answered here."""
        drafts, sender, number = [], "", ""
        for transaction in read(content):
            if transaction.set_id not in ANSWERS or transaction.guide is None:
                raise NotX12Error(f"a {transaction.set_id} is not answered in real time: send 270, 276 or 278")
            sender, number = transaction.interchange.sender_id, transaction.interchange.control_number
            drafts.append(ANSWERS[transaction.set_id](transaction, self.clearinghouse.asked, self.draws, at))
        if not drafts:
            raise NotX12Error("no inquiry in it: send an interchange with a 270, 276 or 278")
        return interchange(sender, at, control_number("realtime", sender, number), *drafts, is_test=self.is_test)
