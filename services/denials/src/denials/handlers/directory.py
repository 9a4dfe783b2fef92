"""The directory as denials reads it: payers' terms, payees, clinics."""

from denials import consumed
from denials.storage import DenialsWork


async def update_payer(event: consumed.PayerUpdated, work: DenialsWork) -> None:
    """Keep a payer's terms."""
    work.payers.put(event.to_domain())


async def update_payee(event: consumed.BillingEntityUpdated, work: DenialsWork) -> None:
    """Keep in whose name letters are written."""
    work.payees.put(event.to_domain())


async def update_clinic(event: consumed.ClinicUpdated, work: DenialsWork) -> None:
    """Keep which day it is where."""
    work.clinics.put(event.to_domain())
