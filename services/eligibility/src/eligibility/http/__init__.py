"""HTTP of eligibility: parse, call, render."""

from eligibility.http.app import Listener, build_app, describe

__all__ = ["Listener", "build_app", "describe"]
