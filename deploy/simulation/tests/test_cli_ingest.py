"""The command `ingest`: a table for people, an account for programs, a status for scripts."""

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from revcycle_simulation.cli import ingest as cli_ingest

MESSAGE = b"MSH|^~\\&|PROBE|TESTHOUSE|||20260110120000||ADT^A04|C1|P|2.5.1\rPID|1||P1^^^TEST^MR||PROBE^ANN||19800101|F"


def command() -> typer.Typer:
    app = typer.Typer()
    cli_ingest.add_to(app)
    return app


def test_files_go_into_a_kept_system_and_are_known_there_the_next_time(tmp_path: Path) -> None:
    inbox, data, out = tmp_path / "inbox", tmp_path / "data", tmp_path / "account.json"
    inbox.mkdir()
    (inbox / "a.hl7").write_bytes(MESSAGE)
    (inbox / "b.txt").write_bytes(b"no message")
    for expected in ({"accepted": 1, "repeated": 0}, {"accepted": 0, "repeated": 2}):
        done = CliRunner().invoke(command(), [str(inbox), "--data", str(data), "--json", str(out)])
        assert 0 == done.exit_code, done.output
        told = json.loads(out.read_text(encoding="utf-8"))
        assert expected == {name: told[name] for name in expected}
        assert 2 == told["files"] == told["messages"]
        assert {"not_billable": 1} == told["outcomes"]
        assert "nothing vanished" in done.output


def test_a_path_that_does_not_exist_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    done = CliRunner().invoke(command(), [str(tmp_path / "nowhere")])
    assert 2 == done.exit_code
