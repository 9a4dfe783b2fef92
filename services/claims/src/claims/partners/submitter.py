"""
Submitting: what happens outside when an interchange leaves or a payer is asked, with no transaction open.

The claims are read as they were released, the identities opened, the 837 written under its control number and handed
over; the same control number always carries the same claims.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from claims import queries
from claims.domain.batches import Batch, BatchState
from claims.domain.claims import Claim, ClaimState, Finding
from claims.domain.edits.history import billed_before, unwritable
from claims.domain.parties import Parties
from claims.domain.people import EncounterIdentity
from claims.edi.claim_837 import writable, write_batch
from claims.edi.claim_form import ClaimForm, Sender
from claims.edi.status_276 import read_answer, write_inquiry
from claims.messages import AskStatus, BatchSent, ClaimExcluded, StatusAnswer, SubmitBatch
from claims.partners.clearinghouse import Clearinghouse
from claims.storage import SEALED_AS, EncounterFile
from revcycle_kit.auth import Grant
from revcycle_kit.sealing import Sealer
from revcycle_x12 import WriteError


class ReadDatabase(Protocol):
    """What can be read outside of a transaction, within a grant, and the keys to open it."""

    @property
    def sealer(self) -> Sealer:
        """The keys."""
        ...

    def read(self, grant: Grant) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a read-only transaction that sees what the grant covers."""
        ...


class ClaimSubmitter:
    """Performs the effects of claims: submits interchanges and asks for status."""

    def __init__(self, clearinghouse: Clearinghouse, database: Callable[[], ReadDatabase], sender: Sender) -> None:
        self._clearinghouse = clearinghouse
        self._database = database
        self._sender = sender

    async def submit(self, effect: SubmitBatch, key: str) -> BatchSent:
        """Write the 837 and hand it over; claims that may not leave are excluded, with the reason."""
        forms, excluded = await self._forms(effect)
        at = effect.created_at.replace(tzinfo=None)
        number = effect.control_number
        content = b""
        try:
            content = write_batch(forms, effect.kind, number, at, self._sender) if forms else b""
        except WriteError:
            forms, refused = writable(forms, effect.kind, number, at, self._sender)
            excluded += [_excluded(refusal.claim.claim_id, unwritable(reason)) for refusal, reason in refused]
            content = write_batch(forms, effect.kind, number, at, self._sender) if forms else b""
        if content:
            await self._clearinghouse.submit(content, f"837{effect.kind}_{number:09}.x12", key)
        return BatchSent(sent=tuple(form.claim.claim_id for form in forms), refused=tuple(excluded))

    async def ask(self, effect: AskStatus, key: str) -> StatusAnswer:
        """
        Ask the payer where a claim stands (276) and read its answer (277).

        Nothing comes of it where X12 cannot ask, as for a member who is no longer known under that coverage: the claim
        falls silent in time, and somebody calls the payer.
        """
        grant = Grant(subject="claims", organization_id=effect.organization_id, clinics=frozenset({effect.clinic_id}))
        database = self._database()
        async with database.read(grant) as connection:
            claims, files = await queries.leaving_claims(connection, [effect.claim_id], [effect.encounter_id])
            known = await queries.directory(connection)
        form = _form(claims[effect.claim_id], files[effect.encounter_id], known, database.sealer)
        try:
            inquiry = write_inquiry(form, key, effect.asked_at, self._sender)
        except WriteError:
            return StatusAnswer()
        answer = await self._clearinghouse.ask(inquiry, key)
        return StatusAnswer(codes=read_answer(answer, form.claim.patient_control_number))

    async def _forms(self, effect: SubmitBatch) -> tuple[list[ClaimForm], list[ClaimExcluded]]:
        """Read the claims of an interchange, but for those whose services were billed before."""
        grant = Grant(
            subject="claims",
            organization_id=effect.organization_id,
            clinics=frozenset(claim.clinic_id for claim in effect.claims),
            billing_entities=frozenset({effect.billing_entity_id}),
        )
        database = self._database()
        async with database.read(grant) as connection:
            claims, files = await queries.leaving_claims(
                connection, [claim.claim_id for claim in effect.claims], {claim.encounter_id for claim in effect.claims}
            )
            others = await queries.billed_for_same_patients(connection, claims.values())
            known = await queries.directory(connection)
            batch = await queries.find_batch(connection, effect.batch_id)
        leaving = [claims[claim.claim_id] for claim in effect.claims if claim.claim_id in claims]
        found = [(claim, files[claim.encounter_id]) for claim in leaving if _may_leave(claim, batch)]
        twice = billed_before([claim for claim, _ in found], others)
        forms = [_form(claim, file, known, database.sealer) for claim, file in found if claim.claim_id not in twice]
        return forms, [_excluded(claim_id, finding) for claim_id, finding in twice.items()]


def _may_leave(claim: Claim, batch: Batch) -> bool:
    """Tell whether a claim leaves: of an interchange that was given up, those still held for it, in no other yet."""
    return claim.not_sent if batch.state == BatchState.GIVEN_UP else claim.state == ClaimState.READY


def _excluded(claim_id: UUID, finding: Finding) -> ClaimExcluded:
    return ClaimExcluded(claim_id=claim_id, finding=finding)


def _form(claim: Claim, file: EncounterFile, directory: queries.Directory, sealer: Sealer) -> ClaimForm:
    encounter = file.encounter
    opened = sealer.open_text(encounter.clinic_id, SEALED_AS, encounter.encounter_id, file.identity)
    parties = Parties(
        clinic=directory.clinics[encounter.clinic_id],
        payee=directory.payees[claim.billing_entity_id],
        payers=directory.payers,
        providers=directory.providers,
    )
    identity = msgspec.json.decode(opened, type=EncounterIdentity)
    return ClaimForm(claim=claim, encounter=encounter, identity=identity, parties=parties)
