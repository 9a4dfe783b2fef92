"""The language of analytics' tests: encounters of which services publish events, days that pass, callers of the API."""
