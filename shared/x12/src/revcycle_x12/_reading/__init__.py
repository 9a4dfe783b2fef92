"""Segments to loops: a source is read as a stream of transactions, each a stream of runs."""
