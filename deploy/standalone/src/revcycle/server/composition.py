"""
Composition: the five services over the live clients of their partners, and the partners behind one transport.

The demonstration, journeys and `up` compose the services as production does; only the transport leads to a sandbox in
this process instead of an address elsewhere. Without partners it leads nowhere, and what is for one waits.
"""

from collections.abc import Callable
from pathlib import Path

import httpx
from fastapi import FastAPI

import analytics.http
import analytics.service
import claims.http
import claims.partners.clearinghouse
import claims.service
import denials.http
import denials.service
import eligibility.http
import eligibility.service
import patient_billing.http
import patient_billing.service
from analytics.queries.database import ReadOnlyDatabase
from denials.partners.correspondence import HttpCorrespondence
from eligibility.partners.clearinghouse import HttpClearinghouse
from patient_billing.partners.mail import HttpMail
from revcycle.server.system import Part, System
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.keyring_file import FileKeyRing

ADDRESS = "http://partners"
Running = Callable[[], System]
"""Asked for the system that runs, when a letter is written or a table read."""


class Nowhere(httpx.AsyncBaseTransport):
    """Leads to no partner: whatever asks tries again later."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Reach nobody."""
        raise httpx.ConnectError("the system was started without partners", request=request)


def parts_over(partners: httpx.AsyncBaseTransport, data: Path, system: Running) -> list[Part]:
    """Return the five services, each with the live clients of its partners."""
    database = ReadOnlyDatabase.over(lambda: system().runtimes["analytics"])
    clearinghouse = claims.partners.clearinghouse.HttpClearinghouse(ADDRESS, transport=partners)
    correspondence = HttpCorrespondence(f"{ADDRESS}/letters", transport=partners)
    mail = HttpMail(f"{ADDRESS}/mail", transport=partners)

    def eligibility_app(runtime: Runtime[object], verifier: Verifier) -> FastAPI:  # type: ignore[type-var]
        return eligibility.http.build_app(runtime, verifier, FileKeyRing(data / "keys", "eligibility"))  # type: ignore[arg-type]

    return [
        Part(
            "eligibility",
            eligibility.service.build(HttpClearinghouse(ADDRESS, transport=partners)),
            eligibility_app,
        ),
        Part("claims", claims.service.build(clearinghouse, lambda: system().runtimes["claims"]), claims.http.build_app),
        Part("denials", denials.service.build(correspondence), denials.http.build_app),
        Part(
            "patient_billing",
            patient_billing.service.build(mail, lambda: system().runtimes["patient_billing"].sealer, "text"),
            patient_billing.http.build_app,
        ),
        Part("analytics", analytics.service.build(database), analytics.http.build_app),
    ]
