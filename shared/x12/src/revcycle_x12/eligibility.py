"""270 and 271 (005010X279A1): everything needed to ask a payer about coverage, and to answer."""

from revcycle_x12._inquiries.coverage import (
    AnsweringSource,
    AskingReceiver,
    Benefit,
    BenefitDetail,
    CoveredDependent,
    CoveredSubscriber,
    EligibilityResponse,
    RelatedParty,
)
from revcycle_x12._inquiries.eligibility_codes import BenefitInformation, BenefitPeriod, CoverageLevel
from revcycle_x12._inquiries.inquiry import Dependent, EligibilityInquiry, Inquiry, Receiver, Source, Subscriber
from revcycle_x12._inquiries.member import Payer, Person, Provider
from revcycle_x12._inquiries.rejections import FollowUp, Rejection, RejectReason
from revcycle_x12._views.health_codes import HealthCode
from revcycle_x12._views.procedure import Procedure
from revcycle_x12._views.rows import Dated, Reference, Trace

__all__ = [
    "AnsweringSource",
    "AskingReceiver",
    "Benefit",
    "BenefitDetail",
    "BenefitInformation",
    "BenefitPeriod",
    "CoverageLevel",
    "CoveredDependent",
    "CoveredSubscriber",
    "Dated",
    "Dependent",
    "EligibilityInquiry",
    "EligibilityResponse",
    "FollowUp",
    "HealthCode",
    "Inquiry",
    "Payer",
    "Person",
    "Procedure",
    "Provider",
    "Receiver",
    "Reference",
    "RejectReason",
    "Rejection",
    "RelatedParty",
    "Source",
    "Subscriber",
    "Trace",
]
