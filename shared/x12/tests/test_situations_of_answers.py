"""What one part of an answer asks of another: 271, 278 and 277CA (SNIP 2 to 5)."""

from collections.abc import Callable

import pytest

from revcycle_x12 import Severity
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment
from revcycle_x12.validate import validate

Enveloped = Callable[[str, str, str], bytes]
BENEFITS = """
    ST*271*0001*005010X279A1
    BHT*0022*11*Q5*20261103*0800
    HL*1**20*1
    NM1*PR*2*RIDGE PLAN*****PI*RIDGE
    HL*2*1*21*1
    NM1*1P*2*HILLSIDE*****XX*1234567893
    HL*3*2*22*0
    NM1*IL*1*MARLOW*INEZ****MI*R200
    {benefit}
"""
REVIEW = """
    ST*278*0001*005010X217
    BHT*0007*11*R3*20261103*0800*18
    HL*1**20*1
    NM1*X3*2*RIDGE PLAN*****PI*RIDGE
    HL*2*1*21*1
    NM1*1P*2*HILLSIDE*****XX*1234567893
    HL*3*2*22*1
    NM1*IL*1*MARLOW*INEZ****MI*R200
    HL*4*3*EV*0
    UM*HS*I*{service}
    HCR*A1*N77
"""
HEAD = """
    ST*277*0001*005010X214
    BHT*0085*08*K1*20261103*0800*TH
    HL*1**20*1
    NM1*PR*2*RIDGE PLAN*****PI*RIDGE
    TRN*1*RCV9
    DTP*050*D8*20261103
    DTP*009*D8*20261103
"""
TWO_CLAIMS = """
    HL*2*1*21*1
    NM1*41*2*HILLSIDE BILLING*****46*HILLSIDE
    TRN*2*B9
    STC*A1:20*20261103*WQ*300
    QTY*90*1
    QTY*AA*1
    AMT*YU*100
    AMT*YY*200
    HL*3*2*19*1
    NM1*85*2*HILLSIDE*****XX*1234567893
    HL*4*3*PT
    NM1*QC*1*MARLOW*INEZ****MI*R200
    TRN*2*E1
    STC*A2:20*20261103*WQ*100
    TRN*2*E2
    STC*A7:562:85*20261103*U*200
"""


@pytest.mark.parametrize(
    ("benefit", "expected"),
    [
        ("EB*A*IND*98*****.2", set()),
        ("EB*B*IND*98****20", set()),
        ("EB*A*IND*98", {("benefit-percent-missing", "EB08")}),
        ("EB*A*IND*98****20", {("benefit-percent-missing", "EB08"), ("benefit-amount-misplaced", "EB07")}),
        ("EB*B*IND*98*****.2", {("benefit-percent-misplaced", "EB08")}),
        ("EB*C*IND*98*****.5", {("benefit-percent-misplaced", "EB08")}),
        ("EB*A*IND*98*****20", {("percent-range", "EB08")}),
        ("EB*1**ZZ", {("code-not-listed", "EB03")}),
        ("EB*1**30^Q1", {("code-not-listed", "EB03")}),
        ("EB*1**30^98^UC", set()),
    ],
)
def test_a_benefit_is_a_share_or_an_amount_of_a_listed_service(
    enveloped: Enveloped, benefit: str, expected: set[tuple[str, str]]
) -> None:
    findings = validate(enveloped("HB", "005010X279A1", BENEFITS.format(benefit=benefit))).findings

    assert expected == {(finding.code, finding.element) for finding in findings}


def test_a_review_speaks_of_a_listed_service(enveloped: Enveloped) -> None:
    assert [] == validate(enveloped("HI", "005010X217", REVIEW.format(service="3"))).findings
    [finding] = validate(enveloped("HI", "005010X217", REVIEW.format(service="XQ"))).findings
    assert ("code-not-listed", "UM03", Severity.ERROR) == (finding.code, finding.element, finding.severity)


def test_a_claim_acknowledgment_that_adds_up_is_sound(enveloped: Enveloped) -> None:
    assert [] == validate(enveloped("HN", "005010X214", HEAD + TWO_CLAIMS)).findings


@pytest.mark.parametrize(
    ("sound", "broken", "expected"),
    [
        ("QTY*90*1", "QTY*90*2", ("claim-count", Severity.WARNING)),
        ("QTY*AA*1", "QTY*AA*0", ("claim-count", Severity.WARNING)),
        ("AMT*YU*100", "AMT*YU*300", ("claim-sum", Severity.WARNING)),
        ("AMT*YY*200", "AMT*YY*20", ("claim-sum", Severity.WARNING)),
        ("STC*A1:20*20261103*WQ*300", "STC*A3:21*20261103*U*300", ("whole-rejected", Severity.WARNING)),
        ("STC*A1:20*20261103*WQ*300", "STC*P1:20*20261103*WQ*300", ("status-category", Severity.ERROR)),
        ("STC*A2:20*20261103*WQ*100", "STC*F1:65*20261103*WQ*100", ("status-category", Severity.ERROR)),
        ("STC*A2:20*20261103*WQ*100", "STC*A2:20*20261103*U*100", ("status-action", Severity.ERROR)),
        ("STC*A7:562:85*20261103*U*200", "STC*A7:562:85*20261103*WQ*200", ("status-action", Severity.ERROR)),
    ],
)
def test_statuses_levels_and_totals_agree(
    enveloped: Enveloped, sound: str, broken: str, expected: tuple[str, Severity]
) -> None:
    assert sound in TWO_CLAIMS

    findings = validate(enveloped("HN", "005010X214", HEAD + TWO_CLAIMS.replace(sound, broken))).findings

    assert [expected] == [(finding.code, finding.severity) for finding in findings]
    assert findings[0].position.line > 0


def test_a_file_rejected_as_a_whole_names_no_claim(enveloped: Enveloped) -> None:
    """HL04 of the receiver or the provider is 0 where nothing stands below (RFI 2145); the rejection is still there."""
    receiver = """
        HL*2*1*21*0
        NM1*41*2*HILLSIDE BILLING*****46*HILLSIDE
        TRN*2*B9
        STC*A8:746:40*20261103*U*300
        QTY*AA*2
        AMT*YY*300
    """
    data = enveloped("HN", "005010X214", HEAD + receiver)

    assert [] == validate(data).findings
    [answer] = ClaimAcknowledgment.load(data)
    assert [] == list(answer.claims)
    [batch] = answer.batches
    assert (True, "B9", "A8", 300_00) == (
        batch.is_rejected,
        batch.trace,
        batch.statuses[0].category,
        batch.statuses[0].amount_cents,
    )


def test_a_provider_rejected_as_a_whole_names_no_claim(enveloped: Enveloped) -> None:
    provider = """
        HL*2*1*21*1
        NM1*41*2*HILLSIDE BILLING*****46*HILLSIDE
        TRN*2*B9
        STC*A1:20*20261103*WQ*300
        HL*3*2*19*0
        NM1*85*2*HILLSIDE*****XX*1234567893
        TRN*1*P4
        STC*A3:562**U*300
    """
    data = enveloped("HN", "005010X214", HEAD + provider)

    assert [] == validate(data).findings
    [answer] = ClaimAcknowledgment.load(data)
    [batch] = answer.batches
    assert not batch.is_rejected
    assert [("P4", "A3")] == [
        (level.trace, level.statuses[0].category) for level in batch.providers if level.is_rejected
    ]
