"""
Scenario files: a plain dictionary, as JSON, TOML or YAML give it, to a World.

People write dollars ("180.00") and percent ("20 %"); the World keeps cents and
basis points. `fees: {G0463: "180.00"}` and `deductible: "500.00"` are enough:
the loader finds the field `deductible_cents`. What a scenario leaves out is one
billing entity, one clinic, one clinician, and clocks that run exactly.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec

from revcycle_sandbox.cents import from_dollars
from revcycle_sandbox.demo.names import npi
from revcycle_sandbox.people import Presented
from revcycle_sandbox.world import World

_MONEY_MAPS: Final = frozenset({"fees", "copays"})
_PERCENT: Final = Decimal(100)
_EXACT: Final = {"pay_after_days": 14, "acknowledge_exactly": True, "deposit_exactly": True, "crossover_days": [10, 10]}
_ADDRESS: Final = {"line1": "1 MAIN STREET", "city": "ALBANY", "state": "NY", "postal_code": "122070001"}
_DEFAULTS: Final[dict[str, Any]] = {
    "organization": {"code": "ORG", "name": "Billing Company"},
    "billing_entities": [
        {"code": "PAYEE", "name": "CLINIC GROUP PC", "tin": "841110001", "npi": npi("160000101"), "address": _ADDRESS}
    ],
    "clinics": [
        {"code": "CLINIC", "name": "Clinic", "npi": npi("160000102"), "billing_entity": "PAYEE", "address": _ADDRESS}
    ],
    "providers": [{"npi": npi("170000101"), "family": "SHAW", "given": "ANNA", "clinics": ["CLINIC"]}],
}


class NotAScenario(ValueError):  # noqa: N818 - says what is wrong
    """The scenario cannot be read; the message names the place and the fix."""


def load_scenario(told: Mapping[str, Any]) -> World:
    """Read the world of a scenario. Raises NotAScenario naming the field that is wrong."""
    filled = _with_members({**_DEFAULTS, **told})
    filled["payers"] = [_exact(payer) for payer in filled.get("payers", ())]
    filled["patients"] = [_patient(patient, filled) for patient in filled.get("patients", ())]
    filled["visits"] = [_visit(visit, filled) for visit in filled.get("visits", ())]
    try:
        world = msgspec.convert(_converted(filled, World, "scenario"), World)
    except (msgspec.ValidationError, TypeError) as error:
        raise NotAScenario(f"the scenario cannot be read: {error}") from error
    _check(world)
    return world


def _exact(payer: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in a payer: commercial, in contract, paying on day 14."""
    code = payer.get("code", "")
    named = {"name": f"PAYER {code}", "kind": "commercial", "filing_indicator": "CI", **payer}
    return {**named, "behaviour": {**_EXACT, **payer.get("behaviour", {})}}


def _patient(patient: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    behaviour = {"pays": "full", **patient.get("behaviour", {})}
    return {"clinic": told["clinics"][0]["code"], "sex": "F", "address": _ADDRESS, **patient, "behaviour": behaviour}


def _visit(visit: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    clinic = told["clinics"][0]["code"]
    filled = {"clinic": clinic, "provider_npi": told["providers"][0]["npi"], "feed": "hl7v2", **visit}
    diagnoses = filled.setdefault("diagnoses", ["I10"])
    services = [{"diagnoses": diagnoses, **service} for service in filled.get("services", ())]
    return {**filled, "services": services}


def _with_members(told: dict[str, Any]) -> dict[str, Any]:
    """Let the coverages of patients carry what belongs to the membership: plan, spans, amounts used, crossover."""
    members = list(told.get("members", ()))
    patients = []
    for patient in told.get("patients", ()):
        coverages = []
        for coverage in patient.get("coverages", ()):
            presented, member = _split(coverage, patient)
            coverages.append(presented)
            members += [member] if member else []
        patients.append({**patient, "coverages": coverages})
    return {**told, "patients": patients, "members": members}


def _split(coverage: Mapping[str, Any], patient: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    known = {field.name for field in msgspec.structs.fields(Presented)}
    presented = {key: value for key, value in coverage.items() if key in known}
    own = {key: value for key, value in coverage.items() if key not in known}
    if not own:
        return presented, None
    if "plan" in own:
        own["spans"] = [{"plan": own.pop("plan"), "begins_on": "2020-01-01"}]
    named = {key: presented.get(f"subscriber_{key}") or patient[key] for key in ("family", "given", "birth_on")}
    return presented, {"member_id": coverage["member_id"], "payer": coverage["payer"], **named, **own}


def _converted(told: Any, kind: Any, place: str) -> Any:
    """Turn dollars into cents and percent into basis points, where the World has a field for it."""
    kind = _bare(kind)
    if isinstance(told, Mapping) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        return dict(_field(hints, key, value, f"{place}.{key}") for key, value in told.items())
    if isinstance(told, list | tuple) and get_origin(kind) is tuple:
        item = get_args(kind)[0]
        return [_converted(each, item, f"{place}[{number}]") for number, each in enumerate(told, start=1)]
    return told.isoformat() if isinstance(told, date) else told


def _field(hints: dict[str, Any], key: str, value: Any, place: str) -> tuple[str, Any]:
    if key in _MONEY_MAPS:
        return key, {code: _dollars(amount, f"{place}.{code}") for code, amount in value.items()}
    if key in hints:
        return key, _converted(value, hints[key], place)
    if f"{key}_cents" in hints:
        return f"{key}_cents", _dollars(value, place)
    if f"{key}_basis_points" in hints:
        return f"{key}_basis_points", _percent(value)
    raise NotAScenario(f"{place}: no such field; known here are {', '.join(sorted(hints))}")


def _dollars(value: Any, place: str) -> int:
    try:
        return from_dollars(value)
    except (ValueError, TypeError) as error:
        raise NotAScenario(f"{place}: {error}") from error


def _percent(value: Any) -> int:
    return int(Decimal(str(value).replace("%", "").strip()) * _PERCENT)


def _bare(kind: Any) -> Any:
    """Take `X | None` for X."""
    if get_origin(kind) in {Union, UnionType}:
        return next(each for each in get_args(kind) if each is not type(None))
    return kind


def _check(world: World) -> None:
    """Refuse references to what is not there."""
    payers = {payer.code for payer in world.payers}
    plans = {plan.code for plan in world.plans}
    mrns = {patient.mrn for patient in world.patients}
    wrong = [f"plan {plan.code} names payer {plan.payer}" for plan in world.plans if plan.payer not in payers]
    wrong += [
        f"member {member.member_id} names payer {member.payer}"
        for member in world.members
        if member.payer not in payers
    ]
    wrong += [
        f"member {member.member_id} names plan {span.plan}"
        for member in world.members
        for span in member.spans
        if span.plan not in plans
    ]
    wrong += [f"visit {visit.number} names patient {visit.mrn}" for visit in world.visits if visit.mrn not in mrns]
    if wrong:
        raise NotAScenario("the scenario names what it does not define: " + "; ".join(wrong))
