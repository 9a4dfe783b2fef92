"""The pages of a running system: what there is, and the documentation of each API; nothing comes from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final

STYLE: Final = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
a{color:#0645ad}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;vertical-align:top}
th{border-bottom:2px solid #555}td{border-bottom:1px solid #ccc}code,pre{font-family:ui-monospace,monospace}
pre{background:#f4f4f4;padding:.8rem;overflow-x:auto}summary{cursor:pointer}details{margin:.5rem 0}
.method{display:inline-block;min-width:4rem;font-weight:bold}:focus-visible{outline:3px solid #0645ad}
"""
SECURITY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
METHODS: Final = ("get", "post", "put", "patch", "delete")
ABOUT: Final = {
    "eligibility": "Registration, coverage, benefits, authorizations, estimates; takes HL7 v2 and FHIR in.",
    "claims": "Charges, coding, claims, remittances, the insurance ledger; takes X12 in.",
    "denials": "Denials, corrections, appeals, write-offs.",
    "patient-billing": "Accounts, statements, payments, plans.",
    "analytics": "Journeys, KPIs, deadlines, reconciliation. Reads only.",
}


def page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def front_page(services: Iterable[str], url: str, mllp: str, directory: str) -> str:
    """Return the first page: the services, where their documentation is, and how to get in."""
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(ABOUT.get(name, ""))}</td>'
        f'<td><a href="/{name}/docs">{escape(name)} API</a></td>'
        f'<td><a href="/{name}/openapi.json">OpenAPI of {escape(name)}</a></td></tr>'
        for name in services
    )
    option = f" --data {escape(directory)}"
    return page(
        "revcycle",
        "<p>The revenue cycle of one billing company: five services, one event log, real PostgreSQL.</p>"
        '<h2>Services</h2><table><thead><tr><th scope="col">service</th><th scope="col">what it does</th>'
        '<th scope="col">documentation</th><th scope="col">machine-readable</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
        '<h2>Health</h2><ul><li><a href="/health">/health</a>: the process answers</li>'
        '<li><a href="/ready">/ready</a>: databases and delivery of every service</li></ul>'
        "<h2>Getting in</h2><p>Every call needs a bearer token. On this machine:</p>"
        f"<pre>TOKEN=$(revcycle token{option})\n"
        f'curl -H "Authorization: Bearer $TOKEN" {escape(url)}/analytics/v1/kpis</pre>'
        f"<p>EHR systems send HL7 v2 by MLLP to <code>{escape(mllp)}</code>.</p>"
        "<h2>Looking in from the command line</h2>"
        f"<pre>revcycle kpis{option}\nrevcycle journey VISIT_NUMBER{option}\n"
        f"revcycle reconcile{option}\nrevcycle parked list{option}</pre>",
    )


def api_page(name: str, described: Mapping[str, Any]) -> str:
    """Return the documentation of one API, made from its OpenAPI description."""
    operations = "".join(_operations(name, described))
    schemas = "".join(
        f'<details id="{escape(_anchor(title))}"><summary><code>{escape(title)}</code></summary>'
        f"{_schema(schema)}</details>"
        for title, schema in sorted(described.get("components", {}).get("schemas", {}).items())
    )
    return page(
        f"{name} API",
        '<nav aria-label="Elsewhere"><a href="/">All services</a> · '
        f'<a href="/{escape(name)}/openapi.json">OpenAPI of {escape(name)}</a></nav>'
        f"<p>{escape(ABOUT.get(name, ''))} Paths are below <code>/{escape(name)}</code>.</p>"
        f"<h2>Calls</h2>{operations}<h2>Shapes</h2>{schemas}",
    )


def _operations(name: str, described: Mapping[str, Any]) -> Iterator[str]:
    for path, item in sorted(described.get("paths", {}).items()):
        for method in METHODS:
            if method in item:
                yield _operation(f"/{name}{path}", method, item[method])


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    words = operation.get("description") or operation.get("summary", "")
    return (
        f'<details><summary><span class="method">{method.upper()}</span> <code>{escape(path)}</code></summary>'
        f"<p>{escape(words)}</p>{_roles(operation)}{_parameters(operation)}{_body(operation)}{_answers(operation)}</details>"
    )


def _roles(operation: Mapping[str, Any]) -> str:
    if operation.get("security") == []:
        return "<p>Open to everybody.</p>"
    roles = [role for rule in operation.get("x-roles", ()) for role in rule]
    return f"<p>Needs one of the roles: {escape(', '.join(roles))}.</p>" if roles else "<p>Needs a token.</p>"


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(parameter["name"])}</code></th><td>{escape(parameter["in"])}</td>'
        f"<td>{_kind(parameter.get('schema', {}))}</td><td>{'required' if parameter.get('required') else ''}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", ())
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("parameter", "in", "type", "", "meaning"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""


def _body(operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    kinds = ", ".join(f"{_kind(each.get('schema', {}))} ({escape(kind)})" for kind, each in content.items())
    return f"<p>Body: {kinds}</p>" if kinds else ""


def _answers(operation: Mapping[str, Any]) -> str:
    answers = "".join(
        f"<li><code>{escape(status)}</code> {escape(answer.get('description', ''))}"
        + "".join(f": {_kind(each.get('schema', {}))}" for each in answer.get("content", {}).values())
        + "</li>"
        for status, answer in sorted(operation.get("responses", {}).items())
    )
    return f"<p>Answers:</p><ul>{answers}</ul>"


def _schema(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{_kind(each)}</td>'
        f"<td>{'required' if name in required else ''}</td><td>{escape(each.get('description', ''))}</td></tr>"
        for name, each in schema.get("properties", {}).items()
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("field", "type", "", "meaning"))
    table = (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else f"<p>{_kind(schema)}</p>"
    )
    return f"<p>{escape(schema.get('description', ''))}</p>{table}"


def _kind(schema: Mapping[str, Any]) -> str:
    """Return a type in words, with a link where it is a shape of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{escape(_anchor(name))}">{escape(name)}</a>'
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_kind(each) for each in schema[word])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return "one of " + ", ".join(f"<code>{escape(str(value))}</code>" for value in values)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return escape(" ".join(str(schema[word]) for word in ("type", "format") if word in schema) or "anything")


def _anchor(name: str) -> str:
    return "shape-" + "".join(letter if letter.isalnum() else "-" for letter in name)
