"""The directory of an organization, as far as the connection may see it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from claims.domain.directory import BillingEntity, Clinic, Payer, Provider
from claims.storage import clinic_table, payee_table, payer_table, provider_table
from revcycle_kit.database.documents import documents
from revcycle_kit.values import Value


class Directory(Value, kw_only=True):
    """Everybody whom an organization knows."""

    clinics: dict[UUID, Clinic]
    payees: dict[UUID, BillingEntity]
    payers: dict[UUID, Payer]
    providers: dict[UUID, Provider]

    def payee_named(self, *numbers: str) -> BillingEntity | None:
        """Find a payee by its NPI or tax number."""
        wanted = {number for number in numbers if number}
        return next((payee for payee in self.payees.values() if wanted & {payee.npi, payee.tin}), None)

    def payer_named(self, codes: Iterable[str], name: str) -> Payer | None:
        """Find a payer by its identifier, else by its name."""
        wanted = {code for code in codes if code}
        by_code = (payer for payer in self.payers.values() if payer.payer_code in wanted)
        by_name = (payer for payer in self.payers.values() if name and payer.name.upper() == name.upper())
        return next(by_code, None) or next(by_name, None)


async def directory(connection: AsyncConnection, *, people: bool = True) -> Directory:
    """Read the directory: all of it, or (without `people`) only payees and payers."""
    payees = await documents(connection, payee_table, BillingEntity)
    payers = await documents(connection, payer_table, Payer)
    clinics = await documents(connection, clinic_table, Clinic) if people else []
    providers = await documents(connection, provider_table, Provider) if people else []
    return Directory(
        clinics={clinic.clinic_id: clinic for clinic in clinics},
        payees={payee.billing_entity_id: payee for payee in payees},
        payers={payer.payer_id: payer for payer in payers},
        providers={provider.provider_id: provider for provider in providers},
    )
