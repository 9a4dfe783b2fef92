"""Whom claims sends to, and what is done outside of a transaction."""
