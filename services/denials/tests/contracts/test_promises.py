"""Contracts: what denials promises is committed as it is, and what it needs of others is promised to it."""

from denials import published
from denials.domain import corrections, policy
from revcycle_kit.testing.contracts import ContractTests


class TestContracts(ContractTests):
    """The suite of all services."""

    PACKAGE = "denials"
    WORDS = (
        (policy.Category, published.Category),
        (policy.Stage, published.Stage),
        (policy.Method, published.Method),
        (corrections.FieldName, published.Change.__annotations__["field"]),
    )
