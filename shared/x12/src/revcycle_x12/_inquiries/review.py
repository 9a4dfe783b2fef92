"""What a services review (278) is about: patient events, services, providers; shared by request and response."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from revcycle_x12._inquiries.member import Provider
from revcycle_x12._inquiries.review_codes import Certification, ReviewCategory
from revcycle_x12._views.fields import Field, Path, Period, code, day, period, text
from revcycle_x12._views.health_codes import HealthCodesField, health_codes
from revcycle_x12._views.lists import PointersField, pointers
from revcycle_x12._views.party import Named
from revcycle_x12._views.party import Person as NamedPerson
from revcycle_x12._views.procedure import Procedure, ProcedureField, procedure_code
from revcycle_x12._views.rows import Reference, Rows, references
from revcycle_x12._views.view import View

if TYPE_CHECKING:
    from revcycle_x12._reading.loop import Loop

_OTHER_DIAGNOSES = ("BK", "BF", "ABJ", "BJ", "APR", "PR", "LOI", "DR")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One PWK: a document that goes beside the request, tied to it by its control number."""

    report_type: str
    transmission: str
    """AA on request at the provider, BM mail, EL electronic, EM e-mail, FX fax, VO voice."""
    control_number: str = ""
    description: str = ""


def attachments(*, default: Any = ()) -> Rows[Attachment]:  # noqa: ARG001 (marks the field optional)
    """All PWK of a loop."""
    return Rows(
        "PWK",
        lambda item: Attachment(item[1], item[2], item[6] if len(item) > 6 else "", item[7] if len(item) > 7 else ""),  # noqa: PLR2004
        lambda row: [row.report_type, row.transmission, "", "", _qualified(row), row.control_number, row.description],
    )


def _qualified(row: Attachment) -> str:
    return "AC" if row.control_number else ""


class Place:
    """Where the service is given: a place-of-service code, or a type of bill, told apart by a second component."""

    __slots__ = ("code", "list")

    def __init__(self, path: str, code_list: str) -> None:
        self.code = Path(path + "-1")
        self.list = (Path(path + "-2"), code_list)

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> str: ...
    def __get__(self, view: View | None, owner: type) -> "str | Self":
        if view is None:
            return self
        path, wanted = self.list
        return self.code.read(view.loop) if path.read(view.loop) == wanted else ""

    def __set__(self, view: View, value: str) -> None:
        if value:
            self.code.write(view.loop, value)
            self.list[0].write(view.loop, self.list[1])


def place(path: str, code_list: str, *, default: str = "") -> Place:  # noqa: ARG001
    """Where the service is given."""
    return Place(path, code_list)


class Reviewer(Named):
    """2010A: who reviews (utilization management organization); its payer identifier (PI) unless said otherwise."""

    loop_id: ClassVar[str] = "2010A"
    id_qualifier: Field[str] = text("NM108", default="PI")
    contact_name: Field[str] = text("PER[IC]02", default="")
    """PER stands in responses only."""
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    contact_number: Field[str] = text("PER[IC]04", default="")


class Requester(Provider):
    """2010B: who asks for the review; NM101 1P unless said otherwise."""

    loop_id: ClassVar[str] = "2010B"
    references: Rows[Reference] = references(default=())
    contact_name: Field[str] = text("PER[IC]02", default="")
    """PER stands in requests only."""
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    contact_number: Field[str] = text("PER[IC]04", default="")


class Person(NamedPerson):
    """2010C and 2010D: the subscriber (member number in `id`) or the dependent."""

    loop_id: ClassVar[str] = "2010C"
    references: Rows[Reference] = references(default=())
    relationship: Field[str] = text("INS02", default="")


class EventProvider(Provider):
    """2010EA and 2010F: who gives the service. `entity` is SJ service provider, 71 attending, FA facility or other."""

    loop_id: ClassVar[str] = "2010EA"
    entity: Field[str] = text("NM101", default="SJ")
    references: Rows[Reference] = references(default=())
    contact_name: Field[str] = text("PER[IC]02", default="")
    contact_qualifier: Field[str] = text("PER[IC]03", default="")
    contact_number: Field[str] = text("PER[IC]04", default="")


class Reviewed(View):
    """What patient events and services have in common."""

    category: Field[ReviewCategory | None] = code("UM01", ReviewCategory, default=None)
    certification: Field[Certification | None] = code("UM02", Certification, default=None)
    service_type: Field[str] = text("UM03", default="")
    place_of_service: Place = place("UM04", "B", default="")
    type_of_bill: Place = place("UM04", "A", default="")
    related_cause: Field[str] = text("UM05-1", default="")
    level_of_service: Field[str] = text("UM06", default="")
    """U urgent, 03 emergency, E elective."""
    release_of_information: Field[str] = text("UM09", default="")
    delay_reason: Field[str] = text("UM10", default="")
    previous_authorization: Field[str] = text("REF[BB]02", default="")
    previous_reference: Field[str] = text("REF[NT]02", default="")
    quantity_qualifier: Field[str] = text("HSD01", default="")
    """VS visits, DY days, HS hours, MN months, FL units."""
    quantity: Field[str] = text("HSD02", default="")
    per_unit: Field[str] = text("HSD03", default="")
    """DA, WK, MO: `quantity` in each of these, for `period_count` of `period_unit` (HSD05)."""
    period_unit: Field[str] = text("HSD05", default="")
    period_count: Field[str] = text("HSD06", default="")
    attachments: Rows[Attachment] = attachments(default=())
    message: Field[str] = text("MSG01", default="")


class PatientEvent(Reviewed):
    """2000E: what happens, or is to happen, to the patient."""

    loop_id: ClassVar[str] = "2000E"
    accident_on: Field[date | None] = day("DTP[439]03", default=None)
    onset_on: Field[date | None] = day("DTP[431]03", default=None)
    event: Period = period("DTP[AAH]", default=None)
    """First and last day asked for."""
    admission: Period = period("DTP[435]", default=None)
    discharge: Period = period("DTP[096]", default=None)
    diagnoses: HealthCodesField = health_codes("ABK", "ABF", _OTHER_DIAGNOSES, default=())
    admission_type: Field[str] = text("CL101", default="")

    @property
    def subscriber(self) -> Person:
        """The subscriber above."""
        return _person(self.loop.ancestor("2000C"), "2010C")

    @property
    def patient(self) -> Person:
        """The dependent above, or else the subscriber."""
        above = self.loop.ancestor("2000D")
        return _person(above, "2010D") if above is not None else self.subscriber

    @property
    def requester(self) -> Requester:
        """Who asks."""
        found = _child(self.loop.ancestor("2000B"), "2010B")
        return Requester.of(found) if found is not None else Requester()

    @property
    def reviewer(self) -> Reviewer:
        """Who reviews."""
        found = _child(self.loop.ancestor("2000A"), "2010A")
        return Reviewer.of(found) if found is not None else Reviewer()


def _child(loop: "Loop | None", loop_id: str) -> "Loop | None":
    return loop.loop(loop_id) if loop is not None else None


def _person(loop: "Loop | None", loop_id: str) -> Person:
    found = _child(loop, loop_id)
    return Person.of(found) if found is not None else Person()


class Service(Reviewed):
    """2000F: one service. One of `procedure`, `institutional_procedure` (or `revenue_code`), `dental_procedure`."""

    loop_id: ClassVar[str] = "2000F"
    served: Period = period("DTP[472]", default=None)
    procedure: ProcedureField[Procedure | None] = procedure_code("SV101", default=None)
    unit: Field[str] = text("SV103", default="")
    units: Field[str] = text("SV104", default="")
    revenue_code: Field[str] = text("SV201", default="")
    institutional_procedure: ProcedureField[Procedure | None] = procedure_code("SV202", default=None)
    institutional_unit: Field[str] = text("SV204", default="")
    institutional_units: Field[str] = text("SV205", default="")
    dental_procedure: ProcedureField[Procedure | None] = procedure_code("SV301", default=None)
    dental_units: Field[str] = text("SV306", default="")
    diagnosis_pointers: PointersField = pointers("SV107", default=())
    """Places of the diagnoses meant, in the list of the event, from 1."""
