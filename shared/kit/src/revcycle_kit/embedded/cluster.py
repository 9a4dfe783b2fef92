"""What a running embedded server offers its clients: addresses."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from revcycle_kit.embedded.databases import Role, RoleNames
from revcycle_kit.embedded.layout import PORT, recorded
from revcycle_kit.embedded.passwords import Passwords, load_passwords


@dataclass(frozen=True)
class Cluster:
    """The addresses of an embedded server's databases, valid across its restarts."""

    sockets: Path
    passwords: Passwords

    def dsn(self, database: str, role: Role, roles_of: str | None = None) -> str:
        """
        Give the address of a database for one of its roles, as asyncpg and libpq read it.

        SQLAlchemy reads it with the scheme `postgresql+asyncpg`. It contains the role's password: do not log it.
        A copy of a database has the roles of the one it was copied from: `roles_of` names that.
        """
        return address(database, RoleNames(roles_of or database).of(role), self.passwords, self.sockets)


def address(database: str, role: str, passwords: Passwords, sockets: Path) -> str:
    """Give a connection address over the private socket."""
    return f"postgresql://{role}:{passwords.of(role)}@/{database}?host={quote(str(sockets))}&port={PORT}"


def attach(directory: Path) -> Cluster:
    """
    Give the addresses of a server that another process of the same user runs in `directory`.

    Does not connect: whether the server runs is seen on the first connection.
    """
    layout = recorded(directory)
    return Cluster(layout.sockets, load_passwords(layout))
