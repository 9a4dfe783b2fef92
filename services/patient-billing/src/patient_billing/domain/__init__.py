"""Decisions about patient money: pure functions on plain values; no I/O, no clock, no framework."""
