"""JSON says things under their names: cents, dates, codes with their texts; segments stand beside them as they were."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from revcycle_x12 import cli
from revcycle_x12.remittance import ClaimPayment

File = Callable[..., str]


def _json(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text)
    out = io.StringIO()
    assert 0 == cli.to_json([str(path)], out)
    [interchange] = json.loads(out.getvalue())["interchanges"]
    transaction: dict[str, Any] = interchange["groups"][0]["transactions"][0]
    return transaction


def _values(content: list[dict[str, Any]], loop_id: str) -> list[dict[str, Any]]:
    found = []
    for item in content:
        if item.get("loop") == loop_id:
            found.append(item.get("values", {}))
        found += _values(item.get("content", []), loop_id)
    return found


def test_a_remittance_is_told_in_the_words_of_a_biller(
    tmp_path: Path, remittance_file: File, claim_payment: Callable[..., ClaimPayment]
) -> None:
    transaction = _json(tmp_path / "era", remittance_file(claim_payment(paid_cents=105_00)))

    assert (105_00, "CHECK1", "2026-01-20") == tuple(
        transaction["values"][name] for name in ("paid_cents", "trace_number", "paid_on")
    )
    [payment] = _values(transaction["content"], "2100")
    assert {"code": "1", "text": "processed as primary"} == payment["status"]
    assert (125_50, 20_50) == (payment["charge_cents"], payment["patient_responsibility_cents"])
    [line] = _values(transaction["content"], "2110")
    [adjustment] = line["adjustments"]
    assert ("3", "copayment", 20_50) == (adjustment["reason"], adjustment["text"], adjustment["amount_cents"])


def test_zero_is_a_value_and_what_cannot_be_read_is_left_to_its_segment(tmp_path: Path, remittance_file: File) -> None:
    text = (
        remittance_file()
        .replace("SVC*HC:G0463:25*125.5*105", "SVC*HC:G0463:25*125.5*0")
        .replace("AMT*B6*125.5", "AMT*B6*1.005")
    )

    transaction = _json(tmp_path / "era", text)

    [line] = _values(transaction["content"], "2110")
    assert 0 == line["paid_cents"]
    assert "allowed_cents" not in line
    assert "1.005" in json.dumps(transaction["content"])


def test_a_claim_is_told_in_the_words_of_a_biller(tmp_path: Path, claim_file: File) -> None:
    transaction = _json(tmp_path / "claims", claim_file())

    [claim] = _values(transaction["content"], "2300")
    assert ("ENC1", 125_50, "11") == (claim["control_number"], claim["charge_cents"], claim["place_of_service"])
    assert ["E119", "I10"] == [diagnosis["code"] for diagnosis in claim["diagnoses"]]
    [person] = _values(transaction["content"], "2010BA")
    assert ("DOE", "1980-02-03", "female") == (person["last_name"], person["born_on"], person["gender"]["text"])
