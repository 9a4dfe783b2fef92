"""Fixtures that every test of the repository may use."""

import pytest

pytest.register_assert_rewrite("revcycle_kit.testing.contracts")
pytest_plugins = [
    "revcycle_kit.testing.postgres",
    "revcycle_kit.testing.kafka",
    "revcycle_kit.testing.harness",
    "revcycle_kit.testing.openssh",
]
