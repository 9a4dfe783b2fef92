"""
The edits: what has to be true of a claim before it leaves.

Each edit is one small function in a table; it names the field, the rule, the fix and who has to act. `check` runs them
all; what a person overrode is left out.
"""

from claims.domain.claims import Finding
from claims.domain.edits import coding, coverage, dates, money, parties
from claims.domain.edits.context import Edit, EditContext, PreventionRule, Rulebook

__all__ = ["EDITS", "Edit", "EditContext", "PreventionRule", "Rulebook", "check"]

EDITS: tuple[Edit, ...] = (*parties.EDITS, *coverage.EDITS, *dates.EDITS, *coding.EDITS, *money.EDITS)
"""Every edit, in the order in which its findings are shown."""


def check(context: EditContext) -> tuple[Finding, ...]:
    """Run every edit over a claim; empty: the claim may leave."""
    overridden = context.claim.overridden
    return tuple(
        Finding(
            edit=edit.name,
            field=where.field or edit.field,
            rule=edit.rule,
            fix=where.fix or edit.fix,
            owner=where.owner or edit.owner,
            line_number=where.line_number,
        )
        for edit in EDITS
        if edit.name not in overridden
        for where in edit.find(context)
    )
