"""Triage, worklist, corrections, appeals and deadlines of what a payer refused."""
