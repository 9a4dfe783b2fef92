"""HTTP of analytics: everything is read; nothing is changed."""

from analytics.http.app import build_app, describe

__all__ = ["build_app", "describe"]
