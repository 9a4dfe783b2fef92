"""A stream hands out one claim at a time; a tree is kept whole."""

from collections.abc import Callable, Iterator

import pytest

from revcycle_x12 import Envelope, Limits, StreamOrderError, load, read, write
from revcycle_x12.professional import Claim, ProfessionalClaims
from revcycle_x12.remittance import ClaimPayment, Remittance
from revcycle_x12.validate import Validation

File = Callable[..., str]


def test_a_claim_knows_the_levels_above_it_while_it_is_streamed(claim_file: File) -> None:
    batch = next(iter(ProfessionalClaims.read(claim_file().encode())))

    [claim] = batch.claims

    assert ("M1", "P1") == (claim.subscriber.member_id, claim.subscriber.payer.id)
    assert ("1234567893", "123456789") == (claim.billing_provider.npi, claim.billing_provider.tax_id)
    assert "DOE" == claim.subscriber.person.last_name


def test_the_heading_is_there_before_the_first_claim(claim_file: File) -> None:
    [submitter] = [batch.submitter.contact_number for batch in ProfessionalClaims.read(claim_file().encode())]

    assert "5555550100" == submitter


def test_claims_of_a_stream_are_handed_out_once(claim_file: File) -> None:
    batch = next(iter(ProfessionalClaims.read(claim_file().encode())))
    list(batch.claims)

    with pytest.raises(StreamOrderError, match="load"):
        list(batch.claims)


def test_what_stands_behind_the_claims_waits_for_them(remittance_file: File) -> None:
    for remittance in Remittance.read(remittance_file().encode()):
        with pytest.raises(StreamOrderError, match="behind the claims"):
            _ = remittance.provider_adjustments
        list(remittance.claims)
        assert [] == remittance.provider_adjustments


def test_a_loaded_transaction_can_be_read_again_and_again(claim_file: File) -> None:
    [batch] = ProfessionalClaims.load(claim_file().encode())

    first, second = list(batch.claims), list(batch.claims)

    assert first == second
    [provider] = batch.billing_providers
    assert first == provider.subscribers[0].claims


def test_moving_on_passes_over_what_was_not_read(claim_file: File, remittance_file: File) -> None:
    text = claim_file() + remittance_file()

    assert ["837", "835"] == [transaction.set_id for transaction in read(text.encode())]


def test_a_source_may_come_in_blocks_of_any_size(claim_file: File) -> None:
    data = claim_file().encode()
    whole = [list(t.tree().all_elements()) for t in read(data)]

    for size in (1, 7, 64):
        blocks: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
        assert whole == [list(t.tree().all_elements()) for t in read(blocks)]


def test_positions_hold_across_blocks(claim_file: File) -> None:
    """A fault far behind the first block is reported with its own line and byte."""
    text = claim_file().replace("D8*20260105", "D8*20261305")
    validation = Validation()
    reader = read(text.encode(), limits=Limits(block_bytes=128), watch=validation)
    for transaction in reader:
        transaction.skip()

    [finding] = reader.findings

    assert "DTP*472*D8*20261305" == text.split("\n")[finding.position.line - 1].rstrip("~")
    assert text.encode()[finding.position.byte :].startswith(b"DTP*472")
    assert 23 == finding.position.segment


def test_a_claim_beyond_the_limit_is_a_finding_and_nothing_is_lost(
    envelope: Callable[..., Envelope],
    batch: Callable[..., ProfessionalClaims],
    subscriber: Callable[..., object],
    claim: Callable[..., Claim],
    service_line: Callable[..., object],
) -> None:
    lines = [service_line(control_number=f"L{place}") for place in range(40)]
    big = claim(charge_cents=40 * 125_50, service_lines=lines)
    data = write(envelope(line_end="\n"), [batch(subscriber(claims=[big]))])
    limits = Limits(unit_segments_max=50, block_bytes=256)

    reader = read(data, limits=limits)
    streamed = [elements for t in reader for chunk in t.chunks() for elements in chunk.all_elements()]

    [transaction] = load(data)
    assert list(transaction.loop.all_elements()) == streamed
    assert {"unit-too-long"} == {finding.code for finding in reader.findings}


def test_a_transaction_beyond_the_limit_is_reported_once_and_read_on(
    remittance_file: File, claim_payment: Callable[..., ClaimPayment]
) -> None:
    limits = Limits(transaction_segments_max=5, block_bytes=128)
    text = remittance_file(*(claim_payment(control_number=f"C{place}") for place in range(20)))
    reader = read(text.encode(), limits=limits)

    [read_on] = [list(transaction.tree().all_elements()) for transaction in reader]

    assert ["transaction-too-long"] == [finding.code for finding in reader.findings]
    assert "SE" == read_on[-1][0]
