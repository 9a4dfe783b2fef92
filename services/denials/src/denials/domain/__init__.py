"""What denials decides: pure functions on plain values; no I/O, no clock, no framework."""
