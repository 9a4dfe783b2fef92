"""271 eligibility response (005010X279A1): what the payer says of a patient's coverage."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from revcycle_x12._inquiries.eligibility_codes import BenefitInformation, BenefitPeriod, CoverageLevel
from revcycle_x12._inquiries.member import Payer, Person, Provider, period_among
from revcycle_x12._inquiries.rejections import Rejection, rejections
from revcycle_x12._syntax.errors import StreamOrderError
from revcycle_x12._views.element_fields import Percent, Repeated, percent_of, repeated
from revcycle_x12._views.fields import Field, Many, Moment, cents, code, many, moment, text
from revcycle_x12._views.nested import Alike, Keeping, Within, alike, keeping, within
from revcycle_x12._views.party import Located
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.rows import Dated, Reference, Rows, Trace, dates, messages, references, traces
from revcycle_x12._views.transaction_view import TransactionView
from revcycle_x12._views.view import View
from revcycle_x12.guides import x279a1


class RelatedParty(Located):
    """2120C and 2120D: another payer, a primary care provider, a contact … (`entity` says which: PR, P3, 13 …)."""

    loop_id: ClassVar[str] = "2120C"
    contact_name: Field[str] = text("PER[IC]02", default="")
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    contact_number: Field[str] = text("PER[IC]04", default="")
    taxonomy: Field[str] = text("PRV03", default="")


class BenefitDetail(View):
    """2115C and 2115D: a place of service (ZZ), a nature of injury (GR, NI) the benefit is bound to."""

    loop_id: ClassVar[str] = "2115C"
    code_list: Field[str] = text("III01", default="")
    code: Field[str] = text("III02", default="")
    category: Field[str] = text("III03", default="")
    description: Field[str] = text("III04", default="")


class Benefit(View):
    """2110C and 2110D: one statement about the coverage."""

    loop_id: ClassVar[str] = "2110C"
    information: Field[BenefitInformation] = code("EB01", BenefitInformation)
    coverage_level: Field[CoverageLevel | None] = code("EB02", CoverageLevel, default=None)
    service_types: Repeated = repeated("EB03", default=())
    insurance_type: Field[str] = text("EB04", default="")
    """HM HMO, PR preferred provider, MA and MB Medicare A and B, MC Medicaid, C1 commercial …"""
    plan: Field[str] = text("EB05", default="")
    amount_cents: Field[int | None] = cents("EB07", default=None)
    percent: Percent = percent_of("EB08", default=None)
    """The patient's share in percent: 20 is written `.2`."""
    quantity_qualifier: Field[str] = text("EB09", default="")
    quantity: Field[str] = text("EB10", default="")
    authorization_required: Field[str] = text("EB11", default="")
    """Y, N, U unknown, empty not stated."""
    in_network: Field[str] = text("EB12", default="")
    """Y, N, W applies to both, U unknown, empty not stated."""
    procedure: ProcedureField[Procedure | None] = procedure_code("EB13", default=None)
    references: Rows[Reference] = references(default=())
    dates: Rows[Dated] = dates(default=())
    """291 plan, 292 benefit, 307 eligibility, 346 plan begin, 348/349 benefit begin and end …"""
    rejections: Rows[Rejection] = rejections(default=())
    messages: Rows[str] = messages(default=())
    details: Alike[BenefitDetail] = alike(BenefitDetail, "2115C", default=())
    parties: Alike[RelatedParty] = alike(RelatedParty, "2120C", default=())
    period: Field[BenefitPeriod | None] = code("EB06", BenefitPeriod, default=None)

    def period_of(self, *qualifiers: str) -> tuple[date, date] | None:
        """First and last day of the first DTP under one of the qualifiers."""
        return period_among(self.dates, qualifiers)


class _Answered(View):
    traces: Rows[Trace] = traces(default=())
    """Kind 2 echoes the inquiry's TRN, kind 1 is the payer's own."""

    @property
    def trace(self) -> str:
        """The inquiry's number, echoed (TRN01 = 2), empty where absent."""
        return next((row.number for row in self.traces if row.kind == "2"), "")

    @property
    def payer(self) -> Payer:
        """Who answered, above this level."""
        above = self.loop.ancestor("2000A")
        return AnsweringSource.of(above).payer if above is not None else Payer()

    @property
    def provider(self) -> Provider:
        """Who had asked, above this level."""
        above = self.loop.ancestor("2000B")
        return AskingReceiver.of(above).provider if above is not None else Provider()


class CoveredDependent(_Answered):
    """2000D of a response."""

    loop_id: ClassVar[str] = "2000D"
    person: Keeping[Person] = keeping(Person, "2100D")
    rejections: Rows[Rejection] = rejections("2100D", default=())
    benefits: Within[Benefit] = within(Benefit, "2100D", "2110D")

    @property
    def subscriber(self) -> "CoveredSubscriber":
        """The subscriber above."""
        above = self.loop.ancestor("2000C")
        return CoveredSubscriber.of(above) if above is not None else CoveredSubscriber()


class CoveredSubscriber(_Answered):
    """2000C of a response."""

    loop_id: ClassVar[str] = "2000C"
    person: Keeping[Person] = keeping(Person, "2100C")
    rejections: Rows[Rejection] = rejections("2100C", default=())
    """Why this subscriber was refused; single benefits have their own `rejections`."""
    benefits: Within[Benefit] = within(Benefit, "2100C", "2110C")
    dependents: Many[CoveredDependent] = many(CoveredDependent, default=())

    @property
    def member_id(self) -> str:
        return self.person.id


class AskingReceiver(View):
    """2000B of a response."""

    loop_id: ClassVar[str] = "2000B"
    provider: Keeping[Provider] = keeping(Provider, "2100B")
    rejections: Rows[Rejection] = rejections("2100B", default=())
    subscribers: Many[CoveredSubscriber] = many(CoveredSubscriber, default=())


class AnsweringSource(View):
    """2000A of a response."""

    loop_id: ClassVar[str] = "2000A"
    payer_rejections: Rows[Rejection] = rejections("2100A", default=())
    rejections: Rows[Rejection] = rejections(default=())
    """The payer cannot be asked: 42 not now, 79 not known, 41 not by you."""
    payer: Keeping[Payer] = keeping(Payer, "2100A")
    receivers: Many[AskingReceiver] = many(AskingReceiver, default=())


class EligibilityResponse(TransactionView):
    """A whole 271."""

    guide: ClassVar = x279a1.RESPONSE
    purpose: Field[str] = text("BHT02", default="11")
    reference: Field[str] = text("BHT03", default="")
    """BHT03 of the inquiry, echoed."""
    created_at: Moment = moment("BHT04", "BHT05")
    sources: Many[AnsweringSource] = many(AnsweringSource, default=())
    """Of a transaction built or loaded whole; while streaming take `subscribers` or `members`."""

    @property
    def subscribers(self) -> Iterator[CoveredSubscriber]:
        """Every subscriber, in order; dependents are under them only when loaded whole."""
        return self._units(CoveredSubscriber, "2000C")

    @property
    def members(self) -> Iterator[CoveredSubscriber | CoveredDependent]:
        """Every subscriber and every dependent, in order."""
        for unit in self._units(View, "2000C", "2000D"):
            yield (CoveredDependent if unit.loop.spec.id == "2000D" else CoveredSubscriber).of(unit.loop)

    @property
    def rejections(self) -> list[Rejection]:
        """Every AAA of the transaction, outermost first. Raises StreamOrderError while streaming."""
        if self.transaction is not None and not self.transaction.is_tree:
            raise StreamOrderError("rejections stand on every level: use load()")
        return [row for loop in self.loop.walk() for row in _Rejected.of(loop).rejections]


class _Rejected(View):
    rejections: Rows[Rejection] = rejections()
