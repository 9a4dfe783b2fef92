"""The composition root: `python -m eligibility.main api|worker|relay|connector|migrate`."""

from fastapi import FastAPI

from eligibility.edi.envelope import Parties
from eligibility.http import build_app
from eligibility.intake.listener import Listener
from eligibility.intake.sender import Sender
from eligibility.partners.clearinghouse import Clearinghouse, HttpClearinghouse, NoClearinghouse
from eligibility.service import build
from eligibility.settings import Settings
from eligibility.storage import EligibilityWork
from revcycle_kit.auth import Verifier
from revcycle_kit.delivery.runtime import Runtime
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program, key_ring_of


def _clearinghouse(settings: Settings) -> Clearinghouse:
    if not settings.clearinghouse_url:
        return NoClearinghouse()
    return HttpClearinghouse(settings.clearinghouse_url, settings.clearinghouse_token.get_secret_value)


def compose(settings: Settings) -> Service[EligibilityWork]:
    """Build the service over the live clearinghouse that the settings name."""
    parties = Parties(
        settings.clearinghouse_submitter, settings.clearinghouse_receiver, is_test=settings.clearinghouse_test
    )
    return build(_clearinghouse(settings), parties)


def _listener(settings: Settings) -> Listener | None:
    if not settings.mllp_port or settings.mllp_organization is None or settings.mllp_clinic is None:
        return None
    return Listener(
        settings.mllp_host,
        settings.mllp_port,
        Sender(settings.mllp_organization, settings.mllp_clinic, "mllp"),
        settings.mllp_certificate,
        settings.mllp_client_authority,
    )


def _app(runtime: Runtime[EligibilityWork], verifier: Verifier) -> FastAPI:
    settings = Settings()
    return build_app(runtime, verifier, key_ring_of(settings, "eligibility"), _listener(settings))


PROGRAM = Program(package="eligibility", settings=Settings, build=compose, app=_app)

if __name__ == "__main__":
    PROGRAM.run()
