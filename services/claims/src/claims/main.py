"""The composition root: `python -m claims.main api|worker|relay|connector|migrate`."""

from typing import Any

from claims.edi.claim_form import Sender
from claims.http import build_app
from claims.partners.clearinghouse import HttpClearinghouse, NoClearinghouse
from claims.partners.database import OwnDatabase
from claims.service import build
from claims.settings import Settings
from claims.storage import ClaimsWork
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program


def compose(settings: Settings) -> Service[ClaimsWork]:
    """Build the service over the live clearinghouse that the settings name."""
    url = settings.clearinghouse_url
    clearinghouse = HttpClearinghouse(url, settings.clearinghouse_token.get_secret_value) if url else NoClearinghouse()
    sender = Sender(
        submitter=settings.clearinghouse_submitter,
        receiver=settings.clearinghouse_receiver,
        is_test=settings.clearinghouse_test,
    )
    database = OwnDatabase(settings)
    return build(clearinghouse, lambda: database, sender)


PROGRAM: Program[Any] = Program(package="claims", settings=Settings, build=compose, app=build_app)

if __name__ == "__main__":
    PROGRAM.run()
