"""Simulated payers, clearinghouse, EHR feed, bank and patients."""
