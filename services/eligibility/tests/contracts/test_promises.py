"""Contracts: what eligibility promises is committed as it is, and what it needs of others is promised to it."""

from eligibility import published
from eligibility.domain import authorization, directory, facts, verification
from revcycle_kit.testing.contracts import ContractTests


class TestContracts(ContractTests):
    PACKAGE = "eligibility"
    WORDS = (
        (directory.PayerKind, published.PayerKind),
        (facts.VisitClass, published.VisitClass),
        (verification.BenefitKind, published.BenefitKind),
        (authorization.Outcome, published.AuthorizationDecided.__annotations__["outcome"]),
        (facts.CodeSystem, published.ReceivedCharge.__annotations__["system"]),
        (facts.DiagnosisSystem, published.Diagnosis.__annotations__["system"]),
        (verification.Cause, published.CoverageRefused.__annotations__["cause"]),
    )
