"""HTTP of patient billing: a module a noun, each route reads, parses, runs, renders."""

from patient_billing.http.app import build_app, describe

__all__ = ["build_app", "describe"]
