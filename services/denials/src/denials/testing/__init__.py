"""The language of denials' tests: decisions to triage, the service at work, its carrier, callers of its API."""
