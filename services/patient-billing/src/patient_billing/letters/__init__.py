"""Statements and reminders as people read them: a page, a PDF, plain text; one set of words for all three."""
