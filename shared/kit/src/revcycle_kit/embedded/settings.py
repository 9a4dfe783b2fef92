"""
How the server is set: for a machine with two cores and a few gigabytes that it shares with the services.

Every value is given on the server's command line, so neither postgresql.conf nor ALTER SYSTEM can change it behind
our back. What decides durability is deliberately not given: it is asserted after each start instead.
"""

from collections.abc import Mapping
from types import MappingProxyType

from revcycle_kit.embedded.layout import PORT, Layout

DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
"""Without any one of these, work that was acknowledged as committed can be lost or silently damaged."""

ORDINARY: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",  # five services x (pool 8 + relay 1 + consumers 2 + listener 1) = 60
        "superuser_reserved_connections": "3",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "random_page_cost": "1.1",
        "jit": "off",  # our statements are short; compiling them costs more than it gives
        "max_parallel_workers_per_gather": "1",
        "wal_level": "replica",  # online backup
        "wal_buffers": "16MB",
        "min_wal_size": "256MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "10min",
        "autovacuum_naptime": "15s",  # queue tables (outbox, task) turn over fast
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.05",
        "autovacuum_vacuum_cost_limit": "1000",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%d/%u ",
        "log_checkpoints": "off",
        # no patient data in the log: no statements, no parameters, no detail lines with key values
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
)

WITHOUT_DURABILITY: Mapping[str, str] = MappingProxyType(
    {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "64MB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "checkpoint_timeout": "1h",
    }
)


def arguments(layout: Layout, extra: Mapping[str, str]) -> list[str]:
    """Give the server's command-line arguments for this layout."""
    places = {"unix_socket_directories": str(layout.sockets), "port": str(PORT)}
    chosen = {**ORDINARY, **extra, **places}
    settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    return ["-D", str(layout.pgdata), *settings]
