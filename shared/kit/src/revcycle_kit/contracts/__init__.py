"""Promises between teams as plain files: schemas, readers' examples, and what would break them."""
