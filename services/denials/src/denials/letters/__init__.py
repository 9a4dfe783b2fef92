"""Letters of denials as files."""
