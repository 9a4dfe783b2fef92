"""An interchange that does not reach the clearinghouse: it goes out by itself, or its claims are somebody's work."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.messages import RecheckClaim, VoidClaim
from claims.testing.billing_office import BillingOffice
from revcycle_kit.errors import Unavailable
from revcycle_kit.partners.kinds import PartnerKind
from revcycle_kit.partners.outcomes import CredentialRefused, OutcomeUnknown, Rejected, Throttled

NOON = datetime(2026, 1, 11, 17, tzinfo=UTC)
DAY = timedelta(days=1)
REFUSED = Rejected("the clearinghouse", "status 413")


async def bill(office: BillingOffice) -> None:
    """Let a claim be made, and leave at noon."""
    await office.register("PPO01")
    await office.charge(9000)
    await office.wait(NOON)


async def states(office: BillingOffice) -> list[str]:
    """Return the states of the claims."""
    return [claim.state for claim in await office.claims()]


async def resend(office: BillingOffice) -> None:
    """Send the only interchange on the list again."""
    [effect] = await office.harness.runtime.effects()
    assert await office.harness.runtime.resend(effect["task_id"])
    await office.harness.settle()


@pytest.mark.parametrize("failure", [CredentialRefused, Throttled, Unavailable])
async def test_refused_for_three_days_it_goes_out_by_itself_once_the_credential_is_renewed(
    office: BillingOffice, failure: type[Unavailable]
) -> None:
    office.clearinghouse.trouble = failure("the clearinghouse")
    await bill(office)
    await office.wait(NOON + 3 * DAY)
    assert (["ready"], []) == (await states(office), office.clearinghouse.sent)
    assert ["failing"] == [effect["state"] for effect in await office.harness.runtime.effects()]

    office.clearinghouse.trouble = None
    await office.wait(NOON + 3 * DAY + timedelta(hours=1))
    assert (["sent"], 1) == (await states(office), len(office.clearinghouse.sent))
    assert [] == await office.said("effect_given_up")


async def test_a_refused_interchange_holds_its_claims_where_billers_look(office: BillingOffice) -> None:
    office.clearinghouse.trouble = REFUSED
    await bill(office)
    [claim] = await office.claims()
    assert ("held", ["not_sent"], "biller") == (
        claim.state,
        [finding.edit for finding in claim.findings],
        claim.hold_owner,
    )
    assert "status 413" in claim.findings[0].rule
    event = await office.last("effect_given_up")
    assert (str(claim.claim_id), "submit_batch", False) == tuple(
        event[name] for name in ("claim_id", "effect", "in_doubt")
    )
    assert ["given_up"] == [effect["state"] for effect in await office.harness.runtime.effects()]


async def test_a_refused_interchange_is_sent_again_by_one_command_under_its_number(office: BillingOffice) -> None:
    office.clearinghouse.trouble = REFUSED
    await bill(office)
    office.clearinghouse.trouble = None
    await resend(office)
    assert ["sent"] == await states(office)
    [sent] = office.clearinghouse.sent
    assert b"*000000001*" in sent
    assert [] == await office.harness.runtime.effects()


async def test_a_claim_that_went_out_with_another_interchange_does_not_leave_again(office: BillingOffice) -> None:
    office.clearinghouse.trouble = REFUSED
    await bill(office)
    office.clearinghouse.trouble = None
    await office.wait(NOON + timedelta(hours=1))
    [claim] = await office.claims()
    await office.ask(RecheckClaim(claim_id=claim.claim_id))
    assert ["ready"] == await states(office)
    await resend(office)
    assert [] == office.clearinghouse.sent

    await office.wait(NOON + DAY)
    assert (["sent"], 1) == (await states(office), len(office.clearinghouse.sent))
    await office.wait(NOON + 3 * DAY)
    assert 1 == len(office.clearinghouse.sent)


async def test_a_claim_held_for_its_interchange_can_be_voided(office: BillingOffice) -> None:
    office.clearinghouse.trouble = REFUSED
    await bill(office)
    office.clearinghouse.trouble = None
    [claim] = await office.claims()
    await office.ask(VoidClaim(claim_id=claim.claim_id))
    await resend(office)
    assert (["voided"], []) == (await states(office), office.clearinghouse.sent)


async def test_a_mailbox_that_may_have_it_is_sent_nothing_until_an_acknowledgment_settles_it(
    office: BillingOffice,
) -> None:
    office.clearinghouse.kind = PartnerKind.NEITHER
    office.clearinghouse.trouble = OutcomeUnknown("the clearinghouse", "connection lost")
    await bill(office)
    office.clearinghouse.trouble = None
    await office.wait(NOON + 10 * DAY)
    assert (["ready"], []) == (await states(office), office.clearinghouse.sent)
    assert (await office.last("effect_given_up"))["in_doubt"]
    assert ["in_doubt"] == [effect["state"] for effect in await office.harness.runtime.effects()]

    await office.receive(office.payer_files.syntax_refused(1))
    assert ["rejected"] == await states(office)
    assert ["claim_submitted", "claim_rejected"] == await office.said("claim_submitted", "claim_rejected")
    assert [] == await office.harness.runtime.effects()


async def test_a_person_sends_what_is_in_doubt_again_under_the_same_number(office: BillingOffice) -> None:
    office.clearinghouse.kind = PartnerKind.NEITHER
    office.clearinghouse.trouble = OutcomeUnknown("the clearinghouse", "connection lost")
    await bill(office)
    office.clearinghouse.trouble = None
    await resend(office)
    assert ["sent"] == await states(office)
    [sent] = office.clearinghouse.sent
    assert b"*000000001*" in sent
