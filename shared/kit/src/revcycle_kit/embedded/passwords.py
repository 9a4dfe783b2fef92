"""The passwords of the server's roles: random, in one file that only its owner can read."""

import json
import secrets
from pathlib import Path

from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.embedded.layout import Layout, write_private

SUPERUSER = "revcycle_admin"
PASSWORD_BYTES = 32


class Passwords:
    """Passwords by role name. A new one is on disk before the server learns it."""

    def __init__(self, path: Path, passwords: dict[str, str]) -> None:
        self._path = path
        self._known = passwords

    def __repr__(self) -> str:
        return f"Passwords({self._path}, {len(self._known)} roles)"

    def of(self, role: str) -> str:
        """Give the password of a role that exists. Raises EmbeddedPostgresError for an unknown one."""
        try:
            return self._known[role]
        except KeyError:
            raise EmbeddedPostgresError(
                f"the embedded PostgreSQL has no role {role!r}; roles are <database>_owner, "
                "<database>_api and <database>_worker of the databases it was started with"
            ) from None

    def ensure(self, roles: tuple[str, ...]) -> None:
        """Make the missing ones and write them down."""
        missing = [role for role in roles if role not in self._known]
        if missing:
            self._known.update({role: secrets.token_hex(PASSWORD_BYTES) for role in missing})
            write_private(self._path, json.dumps(self._known, indent=1) + "\n")


def load_passwords(layout: Layout) -> Passwords:
    """
    Read the passwords of this server; make the superuser's for a new one.

    Raises EmbeddedPostgresError when the data exists but the file is gone or unreadable.
    """
    path = layout.passwords
    try:
        return Passwords(path, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if layout.pgdata.exists():
            raise EmbeddedPostgresError(
                f"{path} is missing, without which the data in {layout.pgdata} cannot be opened; "
                "restore it from the backup"
            ) from None
    except (OSError, ValueError) as error:
        raise EmbeddedPostgresError(f"{path} cannot be read ({error}); restore it from the backup") from error
    passwords = Passwords(path, {})
    passwords.ensure((SUPERUSER,))
    return passwords
