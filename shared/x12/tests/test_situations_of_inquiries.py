"""What 837D, 270/271, 276/277 and 278 ask for in some situations only."""

import pytest

from revcycle_x12.validate import validate

ENVELOPE = (
    "ISA*00*          *00*          *ZZ*ACME           *ZZ*HUB            *260106*1200*^*00501*000000007*0*T*:~"
    "GS*{group}*ACME*HUB*20260106*1200*7*X*{guide}~ST*{set}*0001*{guide}~{body}SE*{count}*0001~GE*1*7~IEA*1*000000007~"
)
LEVELS = "HL*1**20*1~NM1*PR*2*PLAN*****PI*P1~HL*2*1*21*1~"
ASKED = f"BHT*0022*13*Q1*20260106*1200~{LEVELS}NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~"
ANSWERED = ASKED.replace("*13*", "*11*")
STATUS_LEVELS = f"{LEVELS}NM1*41*2*ACME*****46*ACME1~HL*3*2*19*1~NM1*1P*2*CLINIC*****XX*1234567893~HL*4*3*22*0~"
STATUS_ASKED = f"BHT*0010*13*S1*20260106*1200~{STATUS_LEVELS}"
STATUS_ANSWERED = f"BHT*0010*08*S1*20260106*1200*DG~{STATUS_LEVELS}"
JANE = "NM1*IL*1*DOE*JANE****MI*M1~"
BORN = "DMG*D8*19800203~"
REVIEW = (
    f"HL*1**20*1~NM1*X3*2*PLAN*****PI*P1~HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*1~{JANE}HL*4*3*EV*0~"
)
REQUEST = f"BHT*0007*13*A1*20260106*1200~{REVIEW}"
DECISION = f"BHT*0007*11*A1*20260106*1200*18~{REVIEW}"
DENTAL = (
    "BHT*0019*00*B1*20260106*1200*CH~NM1*41*2*ACME*****46*ACME~PER*IC*DESK*TE*5555550100~NM1*40*2*HUB*****46*HUB1~"
    "HL*1**20*1~NM1*85*2*TEETH*****XX*1234567893~N3*1 MAIN ST~N4*ALBANY*NY*122071234~REF*EI*123456789~HL*2*1*22*0~"
    f"SBR*P*18*******CI~{JANE}N3*2 OAK~N4*ALBANY*NY*12207~DMG*D8*19800203*F~NM1*PR*2*PLAN*****PI*P1~"
)
LINE = "LX*1~SV3*AD:D2150*100****1~"
GUIDES = {
    "270": ("HS", "005010X279A1"),
    "271": ("HB", "005010X279A1"),
    "276": ("HR", "005010X212"),
    "277": ("HN", "005010X212"),
    "278": ("HI", "005010X217"),
    "837": ("HC", "005010X224A2"),
}


def findings(set_id: str, body: str) -> list[str]:
    group, guide = GUIDES[set_id]
    text = ENVELOPE.format(group=group, guide=guide, set=set_id, body=body, count=body.count("~") + 2)
    return [finding.code for finding in validate(text.encode()).findings]


@pytest.mark.parametrize(
    ("set_id", "body"),
    [
        ("270", f"{ASKED}{JANE}EQ*30~"),
        ("271", f"{ANSWERED}{JANE}EB*1~"),
        ("271", f"{ANSWERED}{JANE}AAA*N**75*C~"),
        ("276", f"{STATUS_ASKED}{BORN}{JANE}TRN*1*T1~"),
        ("277", f"{STATUS_ANSWERED}{JANE}TRN*2*T1~STC*P1:20*20260106~"),
        ("278", f"{REQUEST}UM*HS*R*3*11:B~REF*BB*AUTH1~"),
        ("278", f"{DECISION}UM*HS*I*3~HCR*A1*AUTH1~"),
        ("278", f"{DECISION}UM*HS*I*3~HCR*A4~"),
        ("837", f"{DENTAL}CLM*ENC1*100***11:B:1*Y*A*Y*Y~DTP*472*D8*20260105~{LINE}"),
        ("837", f"{DENTAL}CLM*ENC1*100***11:B:1*Y*A*Y*Y**********PB~{LINE}"),
    ],
)
def test_what_says_all_it_has_to_is_sound(set_id: str, body: str) -> None:
    assert [] == findings(set_id, body)


@pytest.mark.parametrize(
    ("set_id", "body", "code"),
    [
        ("270", f"{ASKED}{JANE}", "inquiry-missing"),
        ("270", f"{ASKED}NM1*IL*1*DOE*JANE~EQ*30~", "identity-thin"),
        ("271", f"{ANSWERED}{JANE}", "answer-missing"),
        ("276", f"{STATUS_ASKED}{BORN}{JANE}", "claim-missing"),
        ("276", f"{STATUS_ASKED}{JANE}TRN*1*T1~", "subscriber-birth-missing"),
        ("277", f"{STATUS_ANSWERED}{JANE}", "claim-missing"),
        ("278", f"{REQUEST}UM*HS*R*3*11:B~", "previous-authorization-missing"),
        ("278", f"{DECISION}UM*HS*I*3~", "decision-missing"),
        ("278", f"{DECISION}UM*HS*I*3~HCR*A1~", "authorization-number-missing"),
        ("837", f"{DENTAL}CLM*ENC1*100***11:B:1*Y*A*Y*Y~{LINE}", "service-date-missing"),
        ("837", f"{DENTAL}CLM*ENC1*100***11:B:1*Y*A*Y*Y**OA~DTP*472*D8*20260105~{LINE}", "accident-date-missing"),
    ],
)
def test_what_leaves_out_what_its_situation_asks_for_is_found(set_id: str, body: str, code: str) -> None:
    assert [code] == findings(set_id, body)
