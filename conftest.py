"""Fixtures that every test of the repository may use."""

pytest_plugins = ["revcycle_kit.testing.postgres", "revcycle_kit.testing.kafka", "revcycle_kit.testing.harness"]
