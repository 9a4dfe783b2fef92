"""
An embedded PostgreSQL: nothing to install, nothing to configure, and as safe as a server of its own.

Start here: `supervisor.EmbeddedPostgres`.
"""

from revcycle_kit.embedded.cluster import Cluster, attach
from revcycle_kit.embedded.databases import Role
from revcycle_kit.embedded.errors import DirectoryInUseError, EmbeddedPostgresError, NotDurableError
from revcycle_kit.embedded.supervisor import EmbeddedPostgres

__all__ = [
    "Cluster",
    "DirectoryInUseError",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "NotDurableError",
    "Role",
    "attach",
]
