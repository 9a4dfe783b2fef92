"""The commands: what they print, and their exit status."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from revcycle_x12 import cli, load
from revcycle_x12.acknowledgment import ImplementationAcknowledgment, InterchangeAcknowledgment, Verdict
from revcycle_x12.claim_acknowledgment import ClaimAcknowledgment

CLAIM = """\
ISA*00*          *00*          *ZZ*ACME           *ZZ*HUB            *260106*1200*^*00501*000000007*0*T*:~
GS*HC*ACME*HUB*20260106*1200*7*X*005010X224A2~
ST*837*0001*005010X224A2~
BHT*0019*00*B1*20260106*1200*CH~
NM1*41*2*ACME*****46*ACME~
PER*IC*DESK*TE*5555550100~
NM1*40*2*HUB*****46*HUB1~
HL*1**20*1~
NM1*85*2*TEETH*****XX*1234567893~
N3*1 MAIN ST~
N4*ALBANY*NY*122071234~
REF*EI*123456789~
HL*2*1*22*0~
SBR*P*18*******CI~
NM1*IL*1*DOE*JANE****MI*M1~
N3*2 OAK~
N4*ALBANY*NY*12207~
DMG*D8*19800203*F~
NM1*PR*2*PLAN*****PI*P1~
CLM*ENC1*100***11:B:1*Y*A*Y*Y~
DTP*472*D8*20260105~
LX*1~
SV3*AD:D2150*100****1~
TOO*JP*12*M:O~
SE*23*0001~
GE*1*7~
IEA*1*000000007~
"""
KEYS = {"snip", "severity", "code", "segment", "line", "loop", "element", "message", "fix"}


@pytest.fixture
def sound(tmp_path: Path) -> str:
    return _written(tmp_path / "sound.837", CLAIM)


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    return _written(tmp_path / "faulty.837", CLAIM.replace("CLM*ENC1*100", "CLM*ENC1*90").replace("*F~", "*Q~"))


def _written(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def validated(files: list[str], snip: int = 5) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    status = cli.validate(files, snip, True, out)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_show_nests_loops_under_their_names(sound: str) -> None:
    out = io.StringIO()

    assert 0 == cli.show([sound], out)
    lines = out.getvalue().splitlines()

    assert lines[1] == "Interchange 000000007 from ACME to HUB, 2026-01-06 12:00, test"
    assert "      2000A Billing provider level" in lines
    assert "        2000B Subscriber level" in lines
    assert "          2300 Claim" in lines
    assert "              TOO*JP*12*M:O" in lines
    assert lines[-1] == "      SE*23*0001"


def test_show_marks_what_the_guide_does_not_know(tmp_path: Path) -> None:
    out = io.StringIO()
    cli.show([_written(tmp_path / "a.837", CLAIM.replace("LX*1~", "ZZ9*1~\nLX*1~"))], out)

    assert [line.strip() for line in out.getvalue().splitlines() if "not in the guide" in line] == [
        "ZZ9*1   <- not in the guide here"
    ]


def test_validate_prints_one_object_a_file_with_the_agreed_keys(sound: str, faulty: str) -> None:
    status, (good, bad) = validated([sound, faulty])

    assert 1 == status
    assert {"file", "ok", "not_validated", "interchanges", "transactions", "findings"} == set(good) == set(bad)
    assert (True, 1, [{"set": "837", "guide": "005010X224A2", "validated": True, "ok": True}], []) == (
        good["ok"],
        good["interchanges"],
        good["transactions"],
        good["findings"],
    )
    assert bad["ok"] is bad["transactions"][0]["ok"] is False
    assert all(KEYS == set(finding) for finding in bad["findings"])
    assert {(18, 16, "2010BA", "DMG03"), (20, 18, "2300", "CLM02")} == {
        (finding["line"], finding["segment"], finding["loop"], finding["element"]) for finding in bad["findings"]
    }


def test_validate_checks_no_further_than_it_is_told(faulty: str) -> None:
    _, [all_types] = validated([faulty])
    _, [two_types] = validated([faulty], snip=2)

    assert 3 in {finding["snip"] for finding in all_types["findings"]}
    assert {1, 2} >= {finding["snip"] for finding in two_types["findings"]}


def test_validate_for_people_says_where_what_and_how_to_mend_it(faulty: str) -> None:
    out = io.StringIO()

    assert 1 == cli.validate([faulty], 5, False, out)
    head, *findings = out.getvalue().splitlines()

    assert head.endswith("faulty, 1 interchange, 1 transaction, 2 errors, 0 warnings")
    assert any(line.startswith("  error 3 ") and "line 20 segment 18 2300 CLM02" in line for line in findings)


@pytest.mark.parametrize("text", ["", "hello"])
def test_a_file_that_is_no_x12_is_faulty(tmp_path: Path, text: str) -> None:
    status, [report] = validated([_written(tmp_path / "a.txt", text)])

    assert (1, False, 0) == (status, report["ok"], report["interchanges"])
    assert report["findings"]


def test_a_missing_file_does_not_keep_the_others_from_being_read(
    tmp_path: Path, sound: str, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    status, reports = validated([missing, sound])

    assert (1, [False, True]) == (status, [report["ok"] for report in reports])
    assert "file-unreadable" == reports[0]["findings"][0]["code"]
    assert capsys.readouterr().err.startswith(missing)


def test_json_is_one_document_with_composites_as_arrays(sound: str) -> None:
    out = io.StringIO()

    assert 0 == cli.to_json([sound], out)
    document = json.loads(out.getvalue())
    transaction = document["interchanges"][0]["groups"][0]["transactions"][0]
    claim = _loop(transaction, "2000A", "2000B", "2300")

    assert ("837", "005010X224A2", "Dental claim") == (transaction["set"], transaction["guide"], transaction["name"])
    assert {
        "segment": "CLM",
        "CLM01": "ENC1",
        "CLM02": "100",
        "CLM05": ["11", "B", "1"],
        "CLM06": "Y",
        "CLM07": "A",
        "CLM08": "Y",
        "CLM09": "Y",
    } == claim["content"][0]
    assert ["M", "O"] == _loop(claim, "2400")["content"][2]["TOO03"]


def _loop(parent: dict[str, Any], *path: str) -> dict[str, Any]:
    for loop_id in path:
        parent = next(item for item in parent["content"] if item.get("loop") == loop_id)
    return parent


def test_json_of_several_interchanges_groups_and_sets_stays_one_document(tmp_path: Path) -> None:
    two_sets = CLAIM.replace("SE*23*0001~\n", "SE*23*0001~\nST*999*0002*005010X231A1~\nSE*2*0002~\n")
    two_groups = two_sets.replace("GE*1*7~\n", "GE*2*7~\nGS*HS*A*B*20260106*1200*8*X*005010X279A1~\nGE*0*8~\n")
    ta1 = CLAIM.splitlines()[0] + "TA1*000000001*260106*1200*A*000~IEA*0*000000007~\n"
    out = io.StringIO()

    cli.to_json([_written(tmp_path / "a.x12", two_groups + ta1 + CLAIM)], out)
    interchanges = json.loads(out.getvalue())["interchanges"]

    assert [["837", "999"], ["TA1"], ["837"]] == [
        [transaction["set"] for group in interchange["groups"] for transaction in group["transactions"]]
        for interchange in interchanges
    ]


def test_the_acknowledgments_go_back_to_the_sender(sound: str) -> None:
    out = io.StringIO()

    assert 0 == cli.ack([sound], out, datetime(2026, 1, 7, 9, 30, tzinfo=UTC))
    data = out.getvalue().encode()
    [ta1] = InterchangeAcknowledgment.load(data)
    [group] = ImplementationAcknowledgment.load(data)
    [claims] = ClaimAcknowledgment.load(data)

    assert ("HUB", "ACME") == (load(data)[0].interchange.sender_id, load(data)[0].interchange.receiver_id)
    assert (Verdict.ACCEPTED, Verdict.ACCEPTED) == (ta1.verdict, group.verdict)
    assert [("ENC1", True)] == [(claim.control_number, claim.is_accepted) for claim in claims.claims]


def test_claims_of_a_rejected_set_are_not_answered_one_by_one(faulty: str) -> None:
    out = io.StringIO()

    assert 1 == cli.ack([faulty], out, datetime(2026, 1, 7, 9, 30, tzinfo=UTC))
    data = out.getvalue().encode()

    assert Verdict.REJECTED is ImplementationAcknowledgment.load(data)[0].verdict
    assert not ClaimAcknowledgment.load(data)


def test_the_module_runs_as_a_program(sound: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "revcycle_x12", "validate", "--snip", "2", "--json", sound, "-"],
        input="hello",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    reports = [json.loads(line) for line in ran.stdout.splitlines()]

    assert 1 == ran.returncode
    assert [True, False] == [report["ok"] for report in reports]


def test_a_reader_that_goes_away_ends_the_program_quietly(tmp_path: Path) -> None:
    big = _written(tmp_path / "big.837", CLAIM * 2000)
    command = f"{sys.executable} -m revcycle_x12 show {big} | head -1"

    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert (f"{big}\n", "") == (ran.stdout, ran.stderr)
