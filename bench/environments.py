"""Virtual environments for the peers we are measured beside, in the user's cache directory."""

import os
import subprocess
import sys
from pathlib import Path


def python_of(name: str, packages: tuple[str, ...]) -> tuple[Path | None, str]:
    """Give the Python of the environment, made where it is missing; or None and why it cannot be made."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = cache / "revcycle" / "peers" / name
    python, ready = home / "bin" / "python", home / "ready"
    if ready.exists():
        return python, ""
    make = [sys.executable, "-m", "venv", "--clear", str(home)]
    install = [str(python), "-m", "pip", "install", "-q", *packages]
    for command in (make, install):
        try:
            ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as problem:
            return None, str(problem)
        if ran.returncode:
            return None, (ran.stderr or ran.stdout).strip()[-300:]
    ready.touch()
    return python, ""
