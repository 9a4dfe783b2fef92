"""Reads for API and measuring, each within the caller's grant."""
