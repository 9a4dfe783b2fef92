"""The composition root: `python -m patient_billing.main api|worker|relay|connector|migrate`."""

from typing import Any

from patient_billing.http import build_app
from patient_billing.partners.mail import HttpMail
from patient_billing.service import build
from patient_billing.settings import Settings
from patient_billing.storage import BillingWork
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program, key_ring_of
from revcycle_kit.sealing import Sealer


def compose(settings: Settings) -> Service[BillingWork]:
    """Build the service over the live mail partner that the settings name."""
    sealer = Sealer(key_ring_of(settings, "patient_billing"))
    mail = HttpMail(settings.mail)
    return build(mail, lambda: sealer, settings.statement_form)


PROGRAM: Program[Any] = Program(package="patient_billing", settings=Settings, build=compose, app=build_app)

if __name__ == "__main__":
    PROGRAM.run()
