"""Handlers: a module a noun, a function for each thing that can happen."""
