"""
Writes the tables of settings in docs/operations.md from the settings' own classes: `python docs/settings.py`.

What stands between the two marks is generated; a test says when it is stale.
"""  # noqa: INP001 - a script, no package

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from analytics.settings import Settings as AnalyticsSettings
from claims.settings import Settings as ClaimsSettings
from denials.settings import Settings as DenialsSettings
from eligibility.settings import Settings as EligibilitySettings
from patient_billing.settings import Settings as BillingSettings
from revcycle.server.sandbox import SandboxSettings
from revcycle_kit.program import ServiceSettings

PAGE = Path(__file__).parent / "operations.md"
BEGIN, END = "<!-- settings: made by docs/settings.py -->", "<!-- end of settings -->"
TABLES: tuple[tuple[str, type[BaseSettings]], ...] = (
    ("Every service", ServiceSettings),
    ("eligibility, besides", EligibilitySettings),
    ("claims, besides", ClaimsSettings),
    ("denials, besides", DenialsSettings),
    ("patient-billing, besides", BillingSettings),
    ("analytics, besides", AnalyticsSettings),
    ("sandbox (where it runs beside the services)", SandboxSettings),
)

UNSAID = {
    "database_worker": "The worker role's address: api, worker and relay.",
    "database_api": "The api role's address: api, worker and relay.",
    "kafka_prefix": "Put before every topic and group: several systems on one cluster.",
    "kafka_replication": "Copies of each partition of a topic that is made here; 3 in production.",
    "vault_token": "The token with which Vault is asked.",
    "audience": "What the token's `aud` must be.",
    "host": "Where the HTTP server listens.",
    "port": "Its port.",
    "clearinghouse_token": "Bearer token for the clearinghouse.",
    "clearinghouse_submitter": "ISA06 of what we send.",
    "clearinghouse_receiver": "ISA08 of what we send.",
    "mllp_host": "The listener's address (sandbox: where it connects).",
    "mllp_port": "Eligibility's MLLP port.",
    "correspondence_token": "Bearer token for the vendor.",
    "eligibility_url": "Where eligibility's API listens.",
    "claims_url": "Where claims' API listens.",
    "denials_url": "Where denials' API listens.",
    "patient_billing_url": "Where patient-billing's API listens.",
}
"""What fields mean whose class says nothing because the name says enough to who reads the code."""


def tables() -> str:
    """Return a table for each class: variable, default, what its author says of it."""
    parts = []
    for title, kind in TABLES:
        words = said_of(kind)
        rows = [
            f"| `REVCYCLE_{name.upper()}` | {default_of(kind, name)} | {words[name] or UNSAID[name]} |"
            for name in words
        ]
        head = ["| variable | default | what it says |", "|---|---|---|"]
        parts.append("\n".join([f"**{title}**", "", *(head + rows if rows else ["Nothing more."])]))
    return "\n\n".join(parts)


def said_of(kind: type[BaseSettings]) -> dict[str, str]:
    """Return a class's own fields, each with the sentence that stands below it."""
    [body] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
    words: dict[str, str] = {}
    last = ""
    for statement in body.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            last = statement.target.id
            words[last] = ""
        elif last and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            words[last] = " ".join(str(statement.value.value).split())
        else:
            last = ""
    return words


def default_of(kind: type[BaseSettings], name: str) -> str:
    """Return a field's default as it is written in the environment; nothing where there is none."""
    default: Any = kind.model_fields[name].default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool):
        default = str(default).lower()
    return "" if default is None or default == "" else f"`{default}`"


def page_with_tables(page: str) -> str:
    """Return the page with fresh tables between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
