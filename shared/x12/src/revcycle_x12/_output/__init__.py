"""A transaction for people and programs: as text, as JSON, as a stream of events."""
