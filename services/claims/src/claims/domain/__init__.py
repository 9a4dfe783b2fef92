"""What claims decides: pure functions on plain values; no clock, no database, no framework."""
