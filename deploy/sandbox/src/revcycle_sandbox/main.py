"""
Serve the sandbox over HTTP: `python -m revcycle_sandbox.main --help`.

POST /parcels takes one parcel or a list (content in base64) and gives what is
answered at once. GET /parcels?after=NUMBER&limit=100 gives what goes out, each
under its number; asking with `after` confirms what came before (with
`&taken=NUMBER`: only what came up to there). GET /world is the directory, the
chargemaster and the contracts. GET /health.
"""

import argparse
import os
import signal
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from revcycle_sandbox.demo import demo_world
from revcycle_sandbox.sandbox import Sandbox
from revcycle_sandbox.service import Post
from revcycle_sandbox.web import Handler
from revcycle_sandbox.world import World, from_json, to_json


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; every option can be given in the environment as REVCYCLE_SANDBOX_<OPTION>."""
    parser = argparse.ArgumentParser(
        prog="revcycle_sandbox", description=__doc__.partition("\n\n")[0] if __doc__ else ""
    )
    defaults: dict[str, Any] = {"host": "127.0.0.1", "port": 8090, "seed": 1, "encounters": 300, "months": 6}
    for name, default in defaults.items():
        told = os.environ.get(f"REVCYCLE_SANDBOX_{name.upper()}")
        parser.add_argument(f"--{name}", type=type(default), default=type(default)(told) if told else default)
    parser.add_argument("--start-on", type=date.fromisoformat, default=datetime.now(UTC).date(), help="first visits")
    parser.add_argument(
        "--world", type=Path, default=_path("WORLD"), help="a world as JSON instead of the demonstration"
    )
    parser.add_argument("--journal", type=Path, default=_path("JOURNAL"), help="keeps what came in, for a restart")
    parser.add_argument("--enroll-unknown", action="store_true", help="welcome members nobody knows")
    return parser.parse_args(arguments)


def _path(name: str) -> Path | None:
    told = os.environ.get(f"REVCYCLE_SANDBOX_{name}")
    return Path(told) if told else None


def world_of(told: argparse.Namespace) -> World:
    """
    Read the world from its file, or make the demonstration's.

    Beside a journal the world is kept as well: played back on another day, the
    journal has to meet the same people.
    """
    if told.world is not None:
        return from_json(told.world.read_bytes())
    kept = told.journal.with_suffix(".world.json") if told.journal is not None else None
    if kept is not None and kept.exists():
        return from_json(kept.read_bytes())
    world = demo_world(told.seed, told.encounters, told.months, told.start_on)
    if kept is not None:
        kept.write_bytes(to_json(world))
    return world


def server(told: argparse.Namespace) -> "_Server":
    """Open the server; port 0 takes any free one."""
    world = world_of(told)
    sandbox = Sandbox(world, told.seed, enroll_unknown=told.enroll_unknown)
    post = Post(sandbox, told.journal, lambda: datetime.now(UTC))
    bound = type("BoundHandler", (Handler,), {"post": post, "world": to_json(world)})
    return _Server((told.host, told.port), bound)


def main() -> None:
    """Serve until stopped: SIGTERM or Ctrl-C ends it at once, with the journal whole."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)  # as process 1 of a container there is no default that would end it
    with closing(server(options())) as opened:
        host, port = opened.server_address[:2]
        sys.stderr.write(f"sandbox listens on http://{host!s}:{port}\n")
        opened.serve_forever()


def _stop(*_: object) -> None:
    raise SystemExit(0)


class _Server(ThreadingHTTPServer):
    """A server that, before it goes, lets the post finish what it is writing."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[Handler]) -> None:
        self._post = handler.post
        super().__init__(address, handler)

    def close(self) -> None:
        """Listen no more, and take nothing more."""
        self.server_close()
        self._post.close()


if __name__ == "__main__":
    main()
