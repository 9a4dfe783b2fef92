"""
The server's parent process: stops the server when its supervisor is gone.

Started as a file of its own by `postmaster.py` (no import of this package, no dependency): it starts the server,
says the server's process id on its output, and asks it for a fast shutdown as soon as its input ends. The input is
a pipe that only the supervisor holds, so it ends with the supervisor, however that dies.

Usage: guard.py UID GID PROGRAM ARGUMENT...      (UID "-" = remain who we are)
"""

import contextlib
import signal
import subprocess
import sys
import threading
from types import FrameType


def _stop(server: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signal.SIGINT)  # fast shutdown: roll back, checkpoint, leave


def _stop_when_input_ends(server: "subprocess.Popen[bytes]") -> None:
    while sys.stdin.buffer.read(1):
        pass
    _stop(server)


def _start(uid: str, gid: str, command: list[str]) -> "subprocess.Popen[bytes]":
    """Start the server; its messages go where our errors go."""
    if uid == "-":
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2)  # noqa: S603 - our supervisor's command
    return subprocess.Popen(  # noqa: S603 - our supervisor's command
        command, stdin=subprocess.DEVNULL, stdout=2, user=int(uid), group=int(gid), extra_groups=[], umask=0o077
    )


def main() -> int:
    """Run the server until it ends, and give its status."""
    uid, gid, *command = sys.argv[1:]
    server = _start(uid, gid, command)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        _stop(server)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    threading.Thread(target=_stop_when_input_ends, args=(server,), daemon=True).start()
    status = server.wait()
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main())
