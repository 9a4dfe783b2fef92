"""Parts: the five services composed over partners of this machine."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

import analytics.http
import analytics.service
import claims.http
import claims.service
import denials.http
import denials.service
import eligibility.http
import eligibility.service
import patient_billing.http
import patient_billing.service
from analytics.queries.database import ReadOnlyDatabase
from revcycle.server.post import Post
from revcycle.server.services_apart import Partners
from revcycle.server.system import Part, System
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.keyring_file import FileKeyRing

Running = Callable[[], System]
"""Asked for the system that runs, when a letter is written or a table read."""


def parts_over(post: Post, data: Path, system: Running) -> list[Part]:
    """Return the five services over the post."""

    def eligibility_app(runtime: Runtime[object], verifier: Verifier) -> FastAPI:  # type: ignore[type-var]
        return eligibility.http.build_app(runtime, verifier, FileKeyRing(data / "keys", "eligibility"))  # type: ignore[arg-type]

    return [
        Part("eligibility", eligibility.service.build(post), eligibility_app),
        *parts_apart(post, system),
    ]


def parts_apart(partners: Partners, system: Running) -> list[Part]:
    """Return those of the services that may work apart (`APART`)."""
    database = ReadOnlyDatabase.over(lambda: system().runtimes["analytics"])
    return [
        Part("claims", claims.service.build(partners, lambda: system().runtimes["claims"]), claims.http.build_app),
        Part("denials", denials.service.build(partners), denials.http.build_app),
        Part(
            "patient_billing",
            patient_billing.service.build(partners, lambda: system().runtimes["patient_billing"].sealer, "text"),
            patient_billing.http.build_app,
        ),
        Part("analytics", analytics.service.build(database), analytics.http.build_app),
    ]
