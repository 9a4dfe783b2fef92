"""Alembic's entry: the kit does the work."""

from analytics.storage import metadata
from revcycle_kit.database.migrations import run_env

run_env(metadata)
