"""The sandbox as a process: HTTP, the journal, a restart."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
import pytest

from revcycle_sandbox import Sandbox, demo_world
from revcycle_sandbox.main import options, server, world_of
from revcycle_sandbox.parcels import json_parcel
from revcycle_sandbox.service import Post

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 9, 1, tzinfo=UTC)


def statement(number: int = 1) -> Any:
    body = {"account_id": f"A{number}", "statement_id": f"S{number}", "number": 1, "balance_cents": 100_00}
    return json_parcel("statement", "BILLER", "PATIENT", body)


def test_a_restart_plays_the_journal_back_under_the_same_numbers(tmp_path: Path) -> None:
    """Also where the last line was cut off by the crash."""
    journal = tmp_path / "journal"
    clock = [NOW]
    before = Post(Sandbox(demo_world(1, 30), 1), journal, lambda: clock[0])
    before.hand_out(0, 5)
    before.take([statement(number) for number in range(30)])
    clock[0] = LATER
    expected = before.hand_out(0, 1_000)
    with journal.open("ab") as file:
        file.write(b'{"at":"2026-0')
    after = Post(Sandbox(demo_world(1, 30), 1), journal, lambda: LATER)
    assert expected == after.hand_out(0, 1_000)
    after.take([statement(99)])
    assert 2 == len(Path(journal).read_bytes().splitlines())
    assert any(each.parcel.channel == "payment" for each in expected)


def test_what_was_confirmed_is_not_handed_out_again() -> None:
    post = Post(Sandbox(demo_world(1, 10), 1), None, lambda: LATER)
    first = post.hand_out(0, 3)
    assert [1, 2, 3] == [each.number for each in first]
    assert [4, 5] == [each.number for each in post.hand_out(3, 2)]


def test_what_is_not_yet_with_whom_it_is_for_is_not_forgotten() -> None:
    """Who asks may still crash: `taken` says up to where all has arrived."""
    post = Post(Sandbox(demo_world(1, 10), 1), None, lambda: LATER)
    assert [4, 5] == [each.number for each in post.hand_out(3, 2, taken=1)]
    assert [2, 3] == [each.number for each in post.hand_out(0, 2)]


def test_the_clock_never_runs_backwards() -> None:
    moments = iter([LATER, NOW])
    post = Post(Sandbox(demo_world(1, 10), 1), None, lambda: next(moments))
    count = len(post.hand_out(0, 1_000))
    assert count == len(post.hand_out(0, 1_000))


def test_beside_a_journal_the_world_is_kept(tmp_path: Path) -> None:
    """Another day the visits would begin on another day; the kept world says when they began."""
    told = options(["--journal", str(tmp_path / "journal"), "--encounters", "5", "--start-on", "2026-01-05"])
    again = options(["--journal", str(tmp_path / "journal"), "--encounters", "5", "--start-on", "2026-06-05"])
    assert world_of(told) == world_of(again)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve on a free port; visits began in January."""
    opened = server(options(["--port", "0", "--encounters", "10", "--start-on", "2026-01-05"]))
    Thread(target=opened.serve_forever, daemon=True).start()
    host, port = opened.server_address[:2]
    yield f"http://{host!s}:{port}"
    opened.shutdown()
    opened.server_close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_in_good_order_and_at_once(tmp_path: Path, number: signal.Signals) -> None:
    """Of its own accord: as process 1 of a container it would not be ended by default."""
    journal = tmp_path / "journal"
    command = [sys.executable, "-m", "revcycle_sandbox.main", "--port", "0", "--encounters", "5"]
    with subprocess.Popen([*command, "--journal", str(journal)], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        ask(f"{address}/parcels", msgspec.json.encode(statement()))
        process.send_signal(number)
        assert 0 == process.wait(timeout=5)
    assert journal.read_bytes().endswith(b"\n")


def test_a_post_that_was_closed_has_written_what_it_took_and_takes_nothing_more(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    post = Post(Sandbox(demo_world(1, 5), 1), journal, lambda: LATER)
    post.take([statement()])
    post.close()
    late = Thread(target=post.take, args=([statement(2)],), daemon=True)
    late.start()
    late.join(0.2)
    assert late.is_alive()
    assert 1 == len(journal.read_bytes().splitlines())


def ask(url: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(Request(url, data=body)) as answer:  # noqa: S310 - our own server
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        return refused.code, json.loads(refused.read())


def test_parcels_are_fetched_and_confirmed_over_http(address: str) -> None:
    assert "ok" == ask(f"{address}/health")[1]["status"]
    status, body = ask(f"{address}/parcels?after=0&limit=2")
    assert (200, [1, 2]) == (status, [each["number"] for each in body["parcels"]])
    assert "KEYSTONE" == ask(f"{address}/world")[1]["organization"]["code"]


def test_a_parcel_posted_is_answered_at_once_where_there_is_an_answer(address: str) -> None:
    status, body = ask(f"{address}/parcels", msgspec.json.encode(statement()))
    assert (200, {"parcels": []}) == (status, body)
    pigeon = msgspec.json.encode([json_parcel("pigeon", "A", "B", {})])
    [answer] = ask(f"{address}/parcels", pigeon)[1]["parcels"]
    assert "problem" == answer["channel"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/nowhere", None, 404),
        ("/parcels?after=x", None, 422),
        ("/parcels?taken=x", None, 422),
        ("/parcels", b"{}", 422),
        ("/parcels", b"[", 422),
        ("/other", b"{}", 400),
    ],
)
def test_what_cannot_be_answered_says_why_and_what_to_send(
    address: str, path: str, body: bytes | None, status: int
) -> None:
    told, problem = ask(address + path, body)
    assert status == told == problem["status"]
    assert problem["fix"]
