"""X12 005010 health-care transactions: read, write, validate, acknowledge."""
