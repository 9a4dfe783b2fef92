"""The composition root: `python -m denials.main api|worker|relay|connector|migrate`."""

from typing import Any

from denials.http import build_app
from denials.partners.correspondence import HttpCorrespondence
from denials.service import build
from denials.settings import Settings
from denials.storage import DenialsWork
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program


def compose(settings: Settings) -> Service[DenialsWork]:
    """Build the service over the live partner that the settings name."""
    vendor = HttpCorrespondence(settings.correspondence_url, settings.correspondence_token.get_secret_value)
    return build(vendor)


PROGRAM: Program[Any] = Program(package="denials", settings=Settings, build=compose, app=build_app)

if __name__ == "__main__":
    PROGRAM.run()
