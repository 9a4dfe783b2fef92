"""Contracts: what claims promises is committed as it is, and what it needs of others is promised to it."""

from revcycle_kit.testing.contracts import ContractTests


class TestContracts(ContractTests):
    PACKAGE = "claims"
