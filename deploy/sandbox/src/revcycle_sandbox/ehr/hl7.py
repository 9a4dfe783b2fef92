"""HL7 v2 messages as the clinics' EHRs write them. Segments end in carriage returns."""

from datetime import datetime
from typing import Final

from revcycle_sandbox.ehr.registration import Chart
from revcycle_sandbox.people import Presented, Service

_CLASSES: Final = {"outpatient": "O", "emergency": "E", "inpatient": "I", "observation": "OBS", "virtual": "VR"}
_RELATIONSHIPS: Final = {"18": "SEL", "01": "SPO", "19": "CHD", "G8": "OTH"}
_ESCAPES: Final = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " "})
_STRUCTURES: Final = {
    "A01": "ADT_A01", "A03": "ADT_A03", "A04": "ADT_A01", "A08": "ADT_A01", "A11": "ADT_A09", "A28": "ADT_A05",
    "A06": "ADT_A06", "S12": "SIU_S12", "S15": "SIU_S12", "S26": "SIU_S12", "P03": "DFT_P03",
}  # fmt: skip


def segment(name: str, fields: dict[int, str]) -> str:
    """Write a segment from its fields by number, without trailing separators."""
    return "|".join([name, *(fields.get(number, "") for number in range(1, max(fields, default=0) + 1))])


def escaped(text: str) -> str:
    """Escape what would be read as a separator."""
    return text.translate(_ESCAPES)


def adt(chart: Chart, trigger: str, at: datetime, control: str) -> bytes:
    """Write an ADT message."""
    parts = [header(chart, f"ADT^{trigger}", at, control), segment("EVN", {1: trigger, 2: chart.stamp(at)})]
    parts.append(patient(chart))
    if trigger not in {"A28", "A31"}:
        parts.append(visit(chart, ended=trigger == "A03"))
        parts += diagnoses(chart)
    parts += [*guarantor(chart), *insurance(chart), *extras(chart)]
    return _message(parts)


def siu(chart: Chart, trigger: str, at: datetime, control: str) -> bytes:
    """Write an SIU message about the appointment of a visit."""
    start = chart.stamp(chart.local(chart.visit.service_on, 9, 30))
    number = chart.visit.number
    status = {"S12": "Booked", "S15": "Cancelled", "S26": "Noshow"}[trigger]
    schedule = {1: number, 2: number, 6: "ROUTINE", 7: "VISIT^Office visit", 9: "30", 10: "min"}
    schedule |= {11: f"^^30^{start}", 25: status}
    resource = {1: "1", 3: _provider(chart), 4: "ATTENDING"}
    parts = [header(chart, f"SIU^{trigger}", at, control), segment("SCH", schedule), patient(chart), visit(chart)]
    parts += insurance(chart)
    parts.append(segment("RGS", {1: "1"}))
    parts += [
        segment("AIS", {1: str(number), 2: "A", 3: f"{service.code}^^HCPCS", 4: start, 7: "30", 8: "min"})
        for number, service in enumerate(chart.visit.services, start=1)
    ]
    parts.append(segment("AIP", resource | {6: start, 9: "30", 10: "min"}))
    return _message(parts)


def dft(chart: Chart, services: list[tuple[int, Service]], at: datetime, control: str) -> bytes:
    """Write a DFT message: one FT1 a service, with diagnoses and insurance beside it."""
    parts = [header(chart, "DFT^P03", at, control), segment("EVN", {1: "P03", 2: chart.stamp(at)})]
    parts += [patient(chart), visit(chart, ended=True)]
    parts += [charge(chart, position, number, service) for position, (number, service) in enumerate(services, 1)]
    parts += diagnoses(chart)
    parts += [*guarantor(chart), *insurance(chart)]
    return _message(parts)


def _message(parts: list[str]) -> bytes:
    return ("\r".join(parts) + "\r").encode()


def header(chart: Chart, kind: str, at: datetime, control: str) -> str:
    """Write MSH: the third component of the type and the version differ from clinic to clinic."""
    modern = len(chart.clinic.code) % 2 == 0
    structured = f"{kind}^{_STRUCTURES[kind[4:]]}" if modern else kind
    parts = {3: chart.facility, 4: "REVCYCLE", 5: "RCM", 6: chart.stamp(at), 8: structured, 9: control, 10: "P"}
    parts |= {1: "^~\\&", 2: "CHARTWELL", 11: "2.5.1" if modern else "2.3"}
    return segment("MSH", parts)


def patient(chart: Chart) -> str:
    """Write PID."""
    person = chart.patient
    born = chart.birth_on
    fields = {1: "1", 3: f"{person.mrn}^^^{chart.facility}^MR", 5: f"{escaped(person.family)}^{escaped(person.given)}"}
    fields |= {7: born.strftime("%Y%m%d") if born else "", 8: person.sex, 11: _address(chart)}
    fields |= {13: person.phone, 18: f"{chart.visit.number}^^^{chart.facility}^AN"}
    return segment("PID", fields)


def _address(chart: Chart) -> str:
    home = chart.address
    if home is None:
        return ""
    postal = home.postal_code
    dashed = f"{postal[:5]}-{postal[5:]}" if len(postal) > 5 else postal  # noqa: PLR2004 - ZIP+4
    return f"{escaped(home.line1)}^^{escaped(home.city)}^{home.state}^{dashed}"


def visit(chart: Chart, *, ended: bool = False) -> str:
    """Write PV1: class, place, clinician, financial class, visit number, begin and end."""
    told = chart.visit
    fields = {1: "1", 2: _CLASSES.get(told.visit_class, "O"), 3: f"{chart.clinic.code}^^^{chart.facility}"}
    fields |= {7: _provider(chart), 19: f"{told.number}^^^{chart.facility}^VN"}
    fields[20] = "" if chart.coverages else "SELFPAY"
    fields[44] = chart.stamp(chart.local(told.service_on, 9, 30))
    if ended:
        fields[45] = chart.stamp(chart.local(told.through_on or told.service_on, 16))
    return segment("PV1", fields)


def _provider(chart: Chart) -> str:
    clinician = chart.provider
    return f"{clinician.npi}^{clinician.family.upper()}^{clinician.given.upper()}^^^^MD" if clinician else ""


def diagnoses(chart: Chart) -> list[str]:
    """Write DG1 for each diagnosis of the visit."""
    return [
        segment("DG1", {1: str(rank), 3: f"{code}^^I10", 6: "F", 15: str(rank)})
        for rank, code in enumerate(chart.visit.diagnoses, start=1)
    ]


def guarantor(chart: Chart) -> list[str]:
    """Write GT1: the patient, or who answers for the patient."""
    person = chart.patient
    born = person.guarantor_birth_on or chart.birth_on
    family, given = person.guarantor_family or person.family, person.guarantor_given or person.given
    fields = {1: "1", 2: f"{person.guarantor_number or person.mrn}^^^{chart.facility}"}
    fields |= {3: f"{escaped(family)}^{escaped(given)}", 5: _address(chart), 6: person.phone}
    fields |= {8: born.strftime("%Y%m%d") if born else "", 11: "PAR" if person.guarantor_family else "SEL"}
    return [segment("GT1", fields)]


def insurance(chart: Chart) -> list[str]:
    """Write IN1 for each coverage."""
    return [_insurance(chart, rank, coverage) for rank, coverage in enumerate(chart.coverages, start=1)]


def _insurance(chart: Chart, rank: int, coverage: Presented) -> str:
    person = chart.patient
    born = coverage.subscriber_birth_on or (person.birth_on if not coverage.subscriber_family else None)
    family, given = coverage.subscriber_family or person.family, coverage.subscriber_given or person.given
    fields = {1: str(rank), 2: coverage.payer, 3: coverage.payer, 4: escaped(chart.payer_name(coverage))}
    fields |= {8: coverage.group_number, 16: f"{escaped(family)}^{escaped(given)}", 22: str(rank)}
    fields |= {17: _RELATIONSHIPS.get(coverage.relationship, "OTH"), 18: born.strftime("%Y%m%d") if born else ""}
    fields |= {14: chart.visit.authorization_number if rank == 1 else "", 19: _address(chart), 36: coverage.member_id}
    for number, day in ((12, coverage.begins_on), (13, coverage.ends_on)):
        fields[number] = day.strftime("%Y%m%d") if day else ""
    return segment("IN1", fields)


def extras(chart: Chart) -> list[str]:
    """Write what only some systems send: a Z-segment, which readers pass over."""
    return [segment("ZPI", {1: "1", 3: "PORTAL ACTIVE"})] if len(chart.clinic.code) % 2 else []


def charge(chart: Chart, position: int, number: int, service: Service) -> str:
    """Write FT1: a code of the EHR's own in FT1-7 where nobody has mapped it."""
    on = (service.service_on or chart.visit.service_on).strftime("%Y%m%d")
    own = f"{service.local_code}^{service.local_code}^L"
    fields = {1: str(position), 2: f"{chart.visit.number}-{number}", 4: on, 5: on, 6: "CG"}
    fields |= {7: own if service.local_code else f"{service.code}^^HCPCS", 10: format(service.units.normalize(), "f")}
    fields |= {19: "~".join(f"{code}^^I10" for code in service.diagnoses), 20: _provider(chart)}
    if service.amount_cents is not None:
        fields[11] = f"{service.amount_cents // 100}.{service.amount_cents % 100:02}"
    if not service.local_code:
        fields |= {25: f"{service.code}^^HCPCS", 26: "~".join(service.modifiers)}
    return segment("FT1", fields)
