"""Fixtures of patient billing's tests: a billing office, an account book, a mail partner, clients of the API."""
