"""HTTP of eligibility: parse, call, render."""

from eligibility.http.app import build_app, describe

__all__ = ["build_app", "describe"]
