"""The tables of eligibility, one store per aggregate."""

import zlib
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Index, Integer, MetaData, Text, Uuid

from eligibility.domain.authorization import Authorization
from eligibility.domain.directory import BillingEntity, Clinic, Enrollment, Payer, PriceList, Provider
from eligibility.domain.ehr_messages import Message
from eligibility.domain.encounter import Encounter, Identity
from eligibility.domain.patient import Patient
from eligibility.domain.verification import Inquiry
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.stores import Documents, References, Rows, document_table, reference_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.values import Value

ENCOUNTER_PURPOSE = "eligibility.encounter"
PATIENT_PURPOSE = "eligibility.patient"
PENDING_PURPOSE = "eligibility.pending"
RAW_PURPOSE = "eligibility.raw_message"
"""The purposes that columns are sealed for; the same purpose opens them."""
_COMPRESSION = 6


class RawMessage(Value, kw_only=True):
    """The bytes of a message, compressed and sealed: what a replay reads again."""

    raw_id: UUID
    message_id: UUID
    digest: str
    received_at: datetime
    sealed: str


class RawContent(Value):
    """The bytes of a raw message, compressed, as they are sealed."""

    content: bytes

    @classmethod
    def of(cls, raw: bytes) -> "RawContent":
        """Return the bytes of a message as they are sealed."""
        return cls(zlib.compress(raw, _COMPRESSION))

    def raw(self) -> bytes:
        """Return the bytes of the message."""
        return zlib.decompress(self.content)


metadata = MetaData()
delivery_tables(metadata)

message_table = document_table(
    "message",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)
raw_message_table = row_table(
    "raw_message",
    metadata,
    "clinic_id",
    Column("message_id", Uuid, nullable=False),
    Column("digest", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("sealed", Text, nullable=False),
)
patient_table = document_table("patient", metadata, "clinic_id", Column("record_hash", Text, nullable=False))
encounter_table = document_table(
    "encounter",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("patient_id", Uuid, nullable=False),
    Column("visit_hash", Text, nullable=False),
    Column("service_on", Date, nullable=False),
    Column("lacks", Integer, nullable=False),
)
inquiry_table = document_table(
    "inquiry",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("cause", Text),
    Column("asked_at", DateTime(timezone=True), nullable=False),
)
authorization_table = document_table(
    "authorization_request",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("decision_due_at", DateTime(timezone=True), nullable=False),
)
clinic_table = reference_table("clinic", metadata)
billing_entity_table = reference_table("billing_entity", metadata)
provider_table = reference_table("provider", metadata)
payer_table = reference_table("payer", metadata)
enrollment_table = reference_table("enrollment", metadata)
price_list_table = reference_table("price_list", metadata)

Index("message_by_state", message_table.c.clinic_id, message_table.c.state, message_table.c.received_at)
Index("raw_message_by_message", raw_message_table.c.clinic_id, raw_message_table.c.message_id)
Index("patient_by_record", patient_table.c.clinic_id, patient_table.c.record_hash)
Index("encounter_by_visit", encounter_table.c.clinic_id, encounter_table.c.visit_hash)
Index("encounter_by_patient", encounter_table.c.clinic_id, encounter_table.c.patient_id)
Index("encounter_by_day", encounter_table.c.clinic_id, encounter_table.c.service_on, encounter_table.c.id)
Index("inquiry_by_state", inquiry_table.c.clinic_id, inquiry_table.c.state, inquiry_table.c.asked_at)
Index("authorization_by_state", authorization_table.c.clinic_id, authorization_table.c.state)


class EligibilityWork(Work):
    """The stores that a handler of eligibility may touch."""

    opened: tuple[str, Identity] | None = None
    """The identity last opened or sealed in this work, with its sealed form: opened once, resealed only if changed."""

    messages = Documents(Message, message_table, key=attrgetter("message_id"))
    raw_messages = Rows(RawMessage, raw_message_table, key=attrgetter("raw_id"))
    patients = Documents(Patient, patient_table, key=attrgetter("patient_id"))
    encounters = Documents(Encounter, encounter_table, key=attrgetter("encounter_id"))
    inquiries = Documents(Inquiry, inquiry_table, key=attrgetter("inquiry_id"))
    authorizations = Documents(Authorization, authorization_table, key=attrgetter("authorization_id"))
    clinics = References(Clinic, clinic_table, key=attrgetter("clinic_id"))
    billing_entities = References(BillingEntity, billing_entity_table, key=attrgetter("billing_entity_id"))
    providers = References(Provider, provider_table, key=attrgetter("provider_id"))
    payers = References(Payer, payer_table, key=attrgetter("payer_id"))
    enrollments = References(Enrollment, enrollment_table, key=attrgetter("enrollment_id"))
    price_lists = References(PriceList, price_list_table, key=attrgetter("clinic_id"))
