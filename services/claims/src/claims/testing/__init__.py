"""The language in which tests of claims speak; nothing of the service imports it."""
