"""The API reference, made from the source: classes, their fields, where each stands in X12, and what it means."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

PARTS: dict[str, dict[str, list[str]]] = {
    "Read and write any guide": {
        "": [
            "_reading.reader",
            "_reading.chunks",
            "_reading.loop",
            "_reading.watch",
            "_writing.writer",
            "_writing.rewrite",
            "_syntax.envelope",
            "_syntax.delimiters",
            "_syntax.limits",
            "_syntax.errors",
        ]
    },
    "Claims (837P, 837I, 837D)": {
        "professional": ["professional", "_views.party", "_views.procedure", "_views.health_codes"],
        "institutional": ["institutional"],
        "dental": ["dental", "_views.too"],
        "claim_common": ["claim_common"],
    },
    "Remittances (835)": {"remittance": ["remittance", "_views.adjustments"]},
    "Eligibility (270, 271)": {
        "eligibility": [
            "_inquiries.inquiry",
            "_inquiries.coverage",
            "_inquiries.member",
            "_inquiries.eligibility_codes",
            "_inquiries.rejections",
            "_views.rows",
        ]
    },
    "Claim status (276, 277)": {"claim_status": ["claim_status", "_views.status"]},
    "Authorizations (278)": {"authorization": ["authorization", "_inquiries.review", "_inquiries.review_codes"]},
    "Acknowledgments (TA1, 999, 277CA)": {
        "acknowledgment": ["acknowledgment"],
        "claim_acknowledgment": ["claim_acknowledgment"],
        "acknowledge": [
            "acknowledge.interchange",
            "acknowledge.functional",
            "acknowledge.claims",
            "acknowledge.read_back",
        ],
    },
    "Validate": {
        "validate": ["validate.validation", "validate.rules", "validate.codes"],
        "": ["_syntax.findings"],
    },
    "Values": {"codes": ["codes"]},
    "Guides of your own": {
        "": ["_grammar.guide", "_grammar.notation", "guides", "_views.view", "_views.transaction_view"],
        "fields": ["_views.fields", "_views.loop_fields", "_views.date_fields"],
    },
    "Command line": {"cli": ["cli"]},
}
"""For each part its public modules, and the modules whose classes and functions they give."""
_LISTS = {
    "AdjustmentsField": "Adjustment",
    "HealthCodesField": "HealthCode",
    "ListedField": "str",
    "PointersField": "int",
    "Repeated": "str",
    "StatusesField": "Status",
    "Teeth": "Tooth",
}
_SINGLES = {"Moment": "datetime", "Period": "(date, date) | None", "Percent": "Decimal | None", "Place": "str"}
_PLAIN_BASES = frozenset({"View", "Protocol", "OpenCode", "StrEnum", "TransactionView"})
_OF_LIST = re.compile(r"(?:Many|Rows|Within|Alike)\[(.+)\]\Z")
_OF_ONE = re.compile(r"(?:Field|One|Keeping|ProcedureField|ClassVar)\[(.+)\]\Z")


@dataclass
class _Member:
    """One field or method of a class."""

    name: str
    kind: str
    where: str
    text: str


@dataclass
class _Section:
    """One class or function."""

    head: str
    text: str
    members: list[_Member] = field(default_factory=list)


def api_reference() -> str:
    """Give the whole page."""
    lines = ["# API reference", "", "Made by `python -m revcycle_x12.docs` from the source; edit there.", ""]
    lines += [f"- [{title}](#{_anchor(title)})" for title in PARTS]
    for title, modules in PARTS.items():
        lines += ["", f"## {title}"]
        for name, sources in modules.items():
            lines += [
                "",
                *_module(f"revcycle_x12.{name}".rstrip("."), [f"revcycle_x12.{source}" for source in sources]),
            ]
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _module(name: str, sources: list[str]) -> Iterator[str]:
    """Describe what a public module gives, in the order of the modules it comes from."""
    public = frozenset(import_module(name).__all__)
    yield f"### `{name}`"
    for source in sources:
        tree = ast.parse(inspect.getsource(import_module(source)))
        yield ""
        yield _paragraphs(ast.get_docstring(tree))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        hidden = {key: node for key, node in classes.items() if key.startswith("_")}
        for node in tree.body:
            section = _section(node, hidden) if getattr(node, "name", "") in public else None
            if section is not None:
                yield ""
                yield from _lines(section)


def _lines(section: _Section) -> Iterator[str]:
    yield f"#### `{section.head}`"
    yield ""
    yield section.text
    if section.members:
        yield ""
        yield "| name | is | stands in | |"
        yield "|---|---|---|---|"
        for member in section.members:
            cells = [f"`{member.name}`", _code(member.kind), _code(member.where), member.text]
            yield f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def _section(node: ast.stmt, hidden: dict[str, ast.ClassDef]) -> _Section | None:
    """Describe a public class, with what it has from hidden ones, or a function; None for anything else."""
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
        return _Section(_signature(node), _paragraphs(ast.get_docstring(node)))
    if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
        return None
    bases = [ast.unparse(base) for base in node.bases]
    shown = [base for base in bases if base not in _PLAIN_BASES and base not in hidden]
    members = [member for base in bases if base in hidden for member in _members(hidden[base])] + list(_members(node))
    head = f"class {node.name}({', '.join(shown)})" if shown else f"class {node.name}"
    return _Section(head, _paragraphs(ast.get_docstring(node)), members)


def _members(node: ast.ClassDef) -> Iterator[_Member]:
    for place, item in enumerate(node.body):
        following = node.body[place + 1] if place + 1 < len(node.body) else None
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            name = item.target.id
            if not name.startswith("_") and name not in {"loop_id", "guide"}:
                yield _Member(name, _kind(ast.unparse(item.annotation)), _where(item.value), _said(following))
        elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name) and _is_code(item.value):
            yield _Member(item.targets[0].id, ast.unparse(item.value), "", _said(following))
        elif isinstance(item, ast.FunctionDef) and not item.name.startswith("_") and not _is_setter(item):
            yield _method(item)


def _method(node: ast.FunctionDef) -> _Member:
    kinds = {ast.unparse(decorator) for decorator in node.decorator_list}
    text = _paragraphs(ast.get_docstring(node)).split("\n\n")[0]
    returns = ast.unparse(node.returns).strip("'\"") if node.returns is not None else ""
    if "property" in kinds:
        return _Member(node.name, returns, "", text)
    return _Member(_signature(node), returns, "", text)


def _is_setter(node: ast.FunctionDef) -> bool:
    kinds = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(kind.endswith((".setter", "overload")) for kind in kinds)


def _is_code(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _signature(node: ast.FunctionDef) -> str:
    arguments = [
        argument.arg for argument in (*node.args.posonlyargs, *node.args.args) if argument.arg not in {"self", "cls"}
    ]
    if node.args.vararg is not None:
        arguments.append(f"*{node.args.vararg.arg}")
    elif node.args.kwonlyargs:
        arguments.append("*")
    arguments += [argument.arg for argument in node.args.kwonlyargs]
    return f"{node.name}({', '.join(arguments)})"


def _kind(annotation: str) -> str:
    """Say what a field gives, as a person would."""
    if annotation in _LISTS:
        return f"list[{_LISTS[annotation]}]"
    if annotation in _SINGLES:
        return _SINGLES[annotation]
    if found := _OF_LIST.match(annotation):
        return f"list[{found[1]}]"
    found = _OF_ONE.match(annotation)
    return found[1] if found else annotation


def _where(value: ast.expr | None) -> str:
    """Give the paths in the call that makes a field: `text("REF[F8]02")` stands in REF[F8]02."""
    if not isinstance(value, ast.Call):
        return ""
    texts = [
        argument.value
        for argument in value.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return " ".join(texts)


def _said(node: ast.stmt | None) -> str:
    """Give the text under a field, as one line."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return _paragraphs(inspect.cleandoc(node.value.value)).replace("\n\n", " ").replace("|", "\\|")
    return ""


def _paragraphs(text: str | None) -> str:
    """Join the lines of each paragraph; keep examples as they are, in a block."""
    parts = []
    for part in (text or "").split("\n\n"):
        if part.startswith("    "):
            parts.append("```python\n" + inspect.cleandoc(part) + "\n```")
        elif part.startswith(">>>"):
            parts.append("```pycon\n" + part + "\n```")
        else:
            parts.append(" ".join(part.split()))
    return "\n\n".join(parts)
