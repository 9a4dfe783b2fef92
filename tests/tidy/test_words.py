"""A parameter and a loop variable are called by the noun of what they are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMELESS = frozenset({"told", "asked", "heard", "one", "each", "found", "known", "said"})
"""Words that say how something came, not what it is."""
READY = (
    "services/analytics",
    "services/claims",
    "services/denials",
    "services/eligibility",
    "services/patient-billing",
    "shared/kit",
    "shared/x12",
)
"""The distributions whose sources keep this."""


def named_in(node: ast.AST) -> Iterator[str]:
    """Give the parameters of a function, or the variables of a loop."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        arguments = node.args
        yield from (argument.arg for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield from (name.id for name in ast.walk(node.target) if isinstance(name, ast.Name))


@pytest.mark.parametrize("distribution", READY)
def test_parameters_and_loops_name_the_thing(distribution: str) -> None:
    nameless = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '')} {name}"
        for path in sorted((ROOT / distribution / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        for name in named_in(node)
        if name in NAMELESS
    ]
    assert [] == nameless
