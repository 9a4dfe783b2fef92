"""Coding, edits, claims, acknowledgments, remittances and the insurance ledger."""
