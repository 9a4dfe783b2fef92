"""The JSON API of claims."""

from claims.http.app import build_app, describe

__all__ = ["build_app", "describe"]
