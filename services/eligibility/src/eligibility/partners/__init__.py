"""The partners of eligibility: clearinghouses that answer for payers."""
