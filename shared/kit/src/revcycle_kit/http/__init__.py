"""
The HTTP edge every service shares: problems, roles, idempotency, pages, health.

A service writes routers; `service_app` makes them an application that answers
every error as a problem (RFC 9457) and refuses to start with an unruled route.
"""

from revcycle_kit.http.app import service_app
from revcycle_kit.http.commands import IdempotencyKey
from revcycle_kit.http.fields import AmountCents, NonNegativeCents, PositiveCents
from revcycle_kit.http.health import Check
from revcycle_kit.http.openapi import openapi_json
from revcycle_kit.http.pages import Cursor, Page, PageRequest, Paging
from revcycle_kit.http.rules import Caller, Now, any_role, public, repeatable, requires
from revcycle_kit.http.runner import CommandRunner, Runner
from revcycle_kit.idempotency import CommandKey

__all__ = [
    "AmountCents",
    "Caller",
    "Check",
    "CommandKey",
    "CommandRunner",
    "Cursor",
    "IdempotencyKey",
    "NonNegativeCents",
    "Now",
    "Page",
    "PageRequest",
    "Paging",
    "PositiveCents",
    "Runner",
    "any_role",
    "openapi_json",
    "public",
    "repeatable",
    "requires",
    "service_app",
]
