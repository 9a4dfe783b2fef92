"""The X12 codec has a public surface, and other packages use nothing else of it."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODEC = ROOT / "shared" / "x12"
OTHERS = [
    path for room in ("services", "deploy", "shared", "bench", "tests", "docs") for path in (ROOT / room).rglob("*.py")
]
PUBLIC = frozenset(
    {
        "acknowledge",
        "acknowledgment",
        "authorization",
        "claim_acknowledgment",
        "claim_common",
        "claim_status",
        "cli",
        "codes",
        "dental",
        "eligibility",
        "fields",
        "guides",
        "institutional",
        "professional",
        "remittance",
        "validate",
    }
)


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of everything a file imports from the codec."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] == "revcycle_x12")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "revcycle_x12":
            yield from ((node.module or "", alias.name) for alias in node.names)


def is_public(module: str, name: str) -> bool:
    """Say whether the name is in the `__all__` of the package or of a public module, or is a public module."""
    inner = module.removeprefix("revcycle_x12").lstrip(".")
    if inner and inner not in PUBLIC:
        return False
    return (not inner and name in PUBLIC) or not name or name in import_module(module).__all__


def test_other_packages_use_only_what_the_codec_promises() -> None:
    strangers = [path for path in OTHERS if not path.is_relative_to(CODEC)]
    private = [
        f"{path.relative_to(ROOT)}: {module}.{name}"
        for path in strangers
        for module, name in imports(path)
        if not is_public(module, name)
    ]

    assert [] == private


def test_every_module_beside_the_public_ones_is_private() -> None:
    """A module without an underscore is a promise: it stands in the list above."""
    found = {path.stem for path in (CODEC / "src" / "revcycle_x12").iterdir() if not path.name.startswith("_")}

    assert found - {"py", "docs"} == PUBLIC
