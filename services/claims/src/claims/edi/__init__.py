"""The X12 files that claims writes and reads."""
