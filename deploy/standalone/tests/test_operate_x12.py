"""`revcycle x12` says and returns what `python -m revcycle_x12` says and returns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from revcycle.cli import app
from revcycle_kit.telemetry import configure_logs
from revcycle_x12.cli import main

ACKNOWLEDGMENT = (
    b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*0800*^*00501*000000001*0*T*:~"
    b"TA1*000000007*260104*1200*A*000~IEA*0*000000001~"
)
COMMANDS = (["show"], ["validate"], ["validate", "--json"], ["validate", "--snip", "1"], ["json"], ["ack"])


@pytest.fixture(autouse=True)
def _logs_outlive_the_runner() -> Iterator[None]:
    """Log to the real standard error again: the command line was told to use the runner's, which is closed."""
    yield
    configure_logs("tests")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.x12"
    path.write_bytes(ACKNOWLEDGMENT)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_it_is_the_librarys_own_command_line(
    command: list[str], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main([*command, str(file)])
    printed = capsys.readouterr()
    done = CliRunner().invoke(app, ["x12", *command, str(file)])
    assert (status, printed.err) == (done.exit_code, done.stderr)
    assert _lasting(printed.out) == _lasting(done.stdout)


def _lasting(printed: str) -> list[str]:
    """Return what does not depend on the minute: an acknowledgment is dated."""
    return [segment for segment in printed.replace("~", "~\n").splitlines() if segment[:3] not in ("ISA", "GS*")]


def test_a_file_that_is_not_there_ends_with_status_1(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["x12", "show", str(tmp_path / "none.x12")])
    assert 1 == done.exit_code
    assert "none.x12" in done.stderr
