"""Addressee: who a letter goes to."""

from typing import Final

from revcycle_kit.values import Value

PURPOSE: Final = "patient_billing.addressee"
"""What the seal of an addressee is bound to, beside the clinic and the encounter."""


class Addressee(Value, kw_only=True):
    """The guarantor as a letter names one, and the patient who was seen."""

    name: str = ""
    address: tuple[str, ...] = ()
    email: str = ""
    patient: str = ""
