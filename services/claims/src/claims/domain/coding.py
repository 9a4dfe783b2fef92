"""What a coder has to supply before an encounter can be billed."""

import re
from collections.abc import Iterator
from uuid import UUID

from claims.domain.encounters import Charge, Encounter
from revcycle_kit.values import Value

DIAGNOSIS_SYSTEM = "icd10cm"
BILLABLE_SYSTEMS = frozenset({"hcpcs", "revenue"})
PROCEDURE = re.compile(r"[0-9]{4}[0-9A-Z]|[A-V][0-9]{4}")
"""CPT (level I: five characters, the last may be a letter) or HCPCS level II."""
DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
"""ICD-10-CM: three to seven characters."""


class Missing(Value, kw_only=True):
    """One thing that is missing: what, where, and what to do."""

    what: str
    where: str
    fix: str
    line_id: UUID | None = None


def missing(encounter: Encounter) -> tuple[Missing, ...]:
    """List what the encounter lacks before its charges may stand on a claim; empty when it can be billed."""
    waiting = [charge for charge in encounter.charges if charge.posted_on is None and charge.stands]
    found = [item for number, charge in enumerate(waiting, 1) for item in _of_line(charge, number, encounter)]
    found.extend(_of_encounter(encounter))
    return tuple(found)


def bare(code: str) -> str:
    """Return a diagnosis code as X12 carries it: upper case, no point."""
    return code.replace(".", "").strip().upper()


def _of_encounter(encounter: Encounter) -> Iterator[Missing]:
    if not encounter.charges:
        return
    if not any(DIAGNOSIS.fullmatch(code.upper()) for code in _all_diagnoses(encounter)):
        systems = ", ".join(encounter.unmapped)
        told = f" (received only as {systems})" if systems else ""
        yield Missing(what="diagnosis", where="encounter", fix=f"enter at least one ICD-10-CM diagnosis{told}")
    if encounter.rendering_provider_id is None and any(
        charge.rendering_provider_id is None for charge in encounter.charges
    ):
        yield Missing(what="provider", where="encounter", fix="name the rendering provider")


def _of_line(charge: Charge, number: int, encounter: Encounter) -> Iterator[Missing]:
    where = f"line {number} ({charge.system} {charge.code})"
    if charge.system not in BILLABLE_SYSTEMS:
        fix = f"map {charge.system} {charge.code} to a CPT or HCPCS code, or remove the line"
        yield Missing(what="procedure", where=where, fix=fix, line_id=charge.line_id)
        return
    if charge.system == "hcpcs" and not PROCEDURE.fullmatch(charge.code):
        fix = "enter a CPT or HCPCS level II code of five characters"
        yield Missing(what="procedure", where=where, fix=fix, line_id=charge.line_id)
    if charge.units <= 0:
        yield Missing(what="units", where=where, fix="enter units greater than zero", line_id=charge.line_id)
    if not charge.charge_cents or charge.charge_cents < 0:
        fix = f"add {charge.code} to the chargemaster for {charge.service_on.isoformat()}, or enter its charge"
        yield Missing(what="price", where=where, fix=fix, line_id=charge.line_id)
    if charge.system == "revenue" and not encounter.inpatient:
        fix = "enter the CPT or HCPCS code of this revenue code: an outpatient line needs one"
        yield Missing(what="procedure", where=where, fix=fix, line_id=charge.line_id)


def _all_diagnoses(encounter: Encounter) -> tuple[str, ...]:
    return (*encounter.diagnoses, *(code for charge in encounter.charges for code in charge.diagnoses))
