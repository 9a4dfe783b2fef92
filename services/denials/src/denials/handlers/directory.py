"""The directory as denials reads it: payers' terms, payees, clinics."""

from denials import consumed
from denials.domain.directory import Clinic
from denials.storage import DenialsWork


async def update_payer(updated: consumed.PayerUpdated, work: DenialsWork) -> None:
    """Keep a payer's terms."""
    work.payers.put(updated.to_domain())


async def update_payee(updated: consumed.BillingEntityUpdated, work: DenialsWork) -> None:
    """Keep in whose name letters are written."""
    work.payees.put(updated.to_domain())


async def update_clinic(updated: consumed.ClinicUpdated, work: DenialsWork) -> None:
    """Keep which day it is where."""
    work.clinics.put(Clinic(clinic_id=updated.clinic_id, name=updated.name, time_zone=updated.time_zone))
