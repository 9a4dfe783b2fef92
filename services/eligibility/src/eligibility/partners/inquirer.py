"""Asking payers through a clearinghouse: 270 and 278 out, 271 and 278 back, as the domain's values."""

from dataclasses import dataclass

from eligibility.domain.authorization import Decision
from eligibility.domain.verification import Answer, Rejection
from eligibility.edi import inquiry_270, request_278
from eligibility.edi.envelope import Parties
from eligibility.messages.effects import AskAuthorization, AskPayer
from eligibility.partners.clearinghouse import Clearinghouse
from revcycle_x12 import WriteError, X12Error


@dataclass(frozen=True, slots=True)
class Inquirer:
    """Performs the effects that ask a payer: build the interchange, ask, read the answer."""

    clearinghouse: Clearinghouse
    parties: Parties

    async def ask_payer(self, question: AskPayer, key: str) -> Answer:
        """Ask whether a coverage is active. Raises Unavailable where nobody answers now."""
        try:
            interchange = inquiry_270.write_inquiry(question, key, self.parties)
            return inquiry_270.read_answer(await self.clearinghouse.ask(interchange, key))
        except WriteError:  # the registration lacks something: asking again would not help
            return Answer(rejections=(Rejection(code="15"),))
        except X12Error:  # the answer cannot be read
            return Answer(rejections=(Rejection(code="33"),))

    async def ask_authorization(self, question: AskAuthorization, key: str) -> Decision:
        """Ask for an authorization. Raises Unavailable where nobody answers now."""
        try:
            interchange = request_278.write_request(question, key, self.parties)
            decided = request_278.read_decision(await self.clearinghouse.ask(interchange, key))
        except X12Error as error:  # asking again would not help: a person completes the request or calls the payer
            place = f"{error.where}: {error.problem}" if isinstance(error, WriteError) else "the answer"
            return Decision(outcome="not_certified", reason=f"not asked: {place}")
        return decided or Decision(outcome="not_certified", reason="the clearinghouse refused the request")
