"""Claims as denials knows them: what was billed, what the payer accepted, which refusals a new claim answers."""

from uuid import UUID

from denials import consumed
from denials.domain.claim import VOID, Acceptance
from denials.domain.triage import follows
from denials.storage import IDENTITY_PURPOSE, DenialsWork
from revcycle_kit.values import replace


async def record_claim(event: consumed.ClaimSubmitted, work: DenialsWork) -> None:
    """Keep what was billed, whom it is about (sealed), and whose refusals it is meant to cure: they wait for it now."""
    claim = event.to_domain()
    chain: tuple[UUID, ...] = ()
    if claim.frequency != VOID:
        unresolved = [denial for denial in work.denials if not denial.resolved]
        chain = follows(claim, event.replaces_claim_id, work.claims.all(), unresolved)
        for denial in unresolved:
            if denial.claim_id in chain:
                work.denials.put(denial.followed())
    sealed = ""
    if event.identity:
        identity = work.open_identity(event.identity, consumed.ClaimIdentity)
        sealed = work.seal(identity, IDENTITY_PURPOSE, claim.claim_id)
    work.claims.put(replace(claim, follows=chain, identity=sealed))


async def record_acceptance(event: consumed.ClaimAcknowledged, work: DenialsWork) -> None:
    """Keep the payer's own acceptance: the proof against a refusal for late filing."""
    claim = work.claims.find(event.claim_id)
    if claim is None or (event.level, event.outcome) != ("payer", "accepted"):
        return
    acceptance = Acceptance(
        sender=event.sender,
        control_number=event.control_number,
        accepted_on=event.acknowledged_at.date(),
    )
    work.claims.put(claim.accepted(acceptance))
