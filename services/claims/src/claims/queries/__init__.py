"""Reads outside of handlers, each bounded and along an index: single documents, lists, and what intake looks up."""

from claims.queries.directory import Directory, directory
from claims.queries.documents import (
    billed_for_same_patients,
    claims_beside,
    find_batch,
    find_claim,
    find_encounter,
    find_file,
    find_prices,
    find_remittance,
    find_set_aside,
    leaving_claims,
)
from claims.queries.lists import (
    ClaimFilter,
    entries_of,
    list_claims,
    list_coding,
    list_deposits,
    list_interchanges,
    list_remittances,
    list_set_aside,
)
from claims.queries.routes import addresses, addresses_by_payer_number

__all__ = [
    "ClaimFilter",
    "Directory",
    "addresses",
    "addresses_by_payer_number",
    "billed_for_same_patients",
    "claims_beside",
    "directory",
    "entries_of",
    "find_batch",
    "find_claim",
    "find_encounter",
    "find_file",
    "find_prices",
    "find_remittance",
    "find_set_aside",
    "leaving_claims",
    "list_claims",
    "list_coding",
    "list_deposits",
    "list_interchanges",
    "list_remittances",
    "list_set_aside",
]
