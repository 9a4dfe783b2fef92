"""Asking payers through a clearinghouse: 270 and 278 out, 271 and 278 back, as the domain's values."""

from dataclasses import dataclass

from eligibility.domain.authorization import Decision
from eligibility.domain.verification import CoverageResponse, Rejection
from eligibility.edi import inquiry_270, request_278
from eligibility.edi.envelope import Parties
from eligibility.messages.effects import SendAuthorizationRequest, SendInquiry
from eligibility.partners.clearinghouse import Clearinghouse
from revcycle_x12 import WriteError, X12Error


@dataclass(frozen=True, slots=True)
class RealTimeExchange:
    """Performs the effects that ask a payer: build the interchange, ask, read the answer."""

    clearinghouse: Clearinghouse
    parties: Parties

    async def send_inquiry(self, effect: SendInquiry, key: str) -> CoverageResponse:
        """Ask whether a coverage is active. Raises Unavailable where nobody answers now."""
        try:
            interchange = inquiry_270.write_inquiry(effect, key, self.parties)
            return inquiry_270.read_response(await self.clearinghouse.ask(interchange, key))
        except WriteError:  # the registration lacks something: asking again would not help
            return CoverageResponse(rejections=(Rejection(code="15"),))
        except X12Error:  # the answer cannot be read
            return CoverageResponse(rejections=(Rejection(code="33"),))

    async def send_authorization_request(self, effect: SendAuthorizationRequest, key: str) -> Decision:
        """Ask for an authorization. Raises Unavailable where nobody answers now."""
        try:
            interchange = request_278.write_request(effect, key, self.parties)
            decided = request_278.read_decision(await self.clearinghouse.ask(interchange, key))
        except X12Error as error:  # asking again would not help: a person completes the request or calls the payer
            place = f"{error.where}: {error.problem}" if isinstance(error, WriteError) else "the answer"
            return Decision(outcome="not_certified", reason=f"not asked: {place}")
        return decided or Decision(outcome="not_certified", reason="the clearinghouse refused the request")
