"""Bounds on everything a reader keeps, so that no input can make it grow."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything is kept at once. What lies beyond is a finding, not a crash."""

    segment_bytes_max: int = 1 << 20
    """Bytes without a terminator, before the interchange is given up."""
    unit_segments_max: int = 50_000
    """Segments of one claim (or other streamed unit); a longer one is handed out in parts."""
    transaction_segments_max: int = 10_000_000
    """Segments of one transaction set (about 200 MB); a longer one is read on, and reported."""
    findings_max: int = 10_000
    """Findings kept by one reader or validation; further ones are only counted."""
    results_max: int = 10_000
    """Results of transactions (and of groups, interchanges) kept by one validation; further ones are not."""
    block_bytes: int = 1 << 17
    """Bytes read at once."""
    duplicates_max: int = 1 << 18
    """Hashes remembered in search of duplicates (16 bytes each, with the set's own overhead about 25 MB at most)."""


DEFAULT = Limits()
