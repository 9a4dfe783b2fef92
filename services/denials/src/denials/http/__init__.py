"""HTTP of denials: parse, call, render."""

from denials.http.app import build_app, describe

__all__ = ["build_app", "describe"]
