"""Decisions of patient access: plain values and pure functions."""
