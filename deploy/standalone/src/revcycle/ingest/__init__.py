"""Files on their way in, and how each encounter they named ended."""
