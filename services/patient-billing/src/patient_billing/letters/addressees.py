"""Addressees in clear: opened only where a letter, a page or a PDF is rendered."""

from uuid import UUID

import msgspec

from patient_billing.domain.addressee import PURPOSE, Addressee
from patient_billing.domain.statement import Statement
from revcycle_kit.sealing import Sealed, Sealer


def open_addressee(sealer: Sealer, clinic_id: UUID, encounter_id: UUID, sealed: str) -> Addressee:
    """Open who a letter goes to; nobody known is nobody named. Raises Unreadable."""
    if not sealed:
        return Addressee()
    return msgspec.json.decode(sealer.open_text(clinic_id, PURPOSE, encounter_id, Sealed(sealed)), type=Addressee)


def open_addressees(statement: Statement, sealer: Sealer) -> dict[UUID, Addressee]:
    """Open the addressees of a statement, by encounter. Raises Unreadable."""
    return {
        item.encounter_id: open_addressee(sealer, item.clinic_id, item.encounter_id, item.sealed)
        for item in statement.items
        if item.sealed
    }
