"""Tables and stores: claims as billed, denials, appeals and their letters, prevention rules, and the directory."""

from datetime import date
from operator import attrgetter
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, Text, Uuid

from denials.domain.appeal import Appeal
from denials.domain.claim import BilledClaim
from denials.domain.denial import Denial
from denials.domain.directory import Clinic, Payee, PayerTerms
from denials.domain.prevention import PreventionRule
from denials.domain.underpayment import Underpayment
from revcycle_kit.clock import local_date
from revcycle_kit.delivery.schema import delivery_tables
from revcycle_kit.delivery.stores import Documents, References, Rows, document_table, reference_table, row_table
from revcycle_kit.delivery.work import Work
from revcycle_kit.errors import NotFound
from revcycle_kit.values import Value

IDENTITY_PURPOSE = "denials.claim"
LETTER_PURPOSE = "denials.letter"
"""Under what who a claim is about, and a letter, rest sealed."""

metadata = MetaData()
delivery_tables(metadata)

claim_table = document_table("claim", metadata, "clinic_id", stream="encounter")
denial_table = document_table(
    "denial",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("act_by", Date, nullable=False),
    Column("expected_recovery_cents", BigInteger, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("claim_id", Uuid, nullable=False),
    Column("category", Text, nullable=False),
    Column("assignee", Text, nullable=False),
    stream="encounter",
)
Index("denial_by_work", denial_table.c.clinic_id, denial_table.c.state, denial_table.c.act_by)
appeal_table = document_table(
    "appeal",
    metadata,
    "clinic_id",
    Column("state", Text, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("decision_due_by", Date, nullable=False),
    stream="encounter",
)
Index("appeal_by_due", appeal_table.c.clinic_id, appeal_table.c.state, appeal_table.c.decision_due_by)
underpayment_table = document_table(
    "underpayment", metadata, "clinic_id", Column("missing_cents", BigInteger, nullable=False)
)
rule_table = document_table(
    "prevention_rule",
    metadata,
    "organization_id",
    Column("state", Text, nullable=False),
    Column("payer_id", Uuid, nullable=False),
    Column("count", Integer, nullable=False),
)
letter_table = row_table(
    "letter",
    metadata,
    "clinic_id",
    Column("sha256", Text, nullable=False),
    Column("written_on", Date, nullable=False),
    Column("sealed", Text, nullable=False),
)
payer_table = reference_table("payer", metadata)
payee_table = reference_table("billing_entity", metadata)
clinic_table = reference_table("clinic", metadata)


class LetterFile(Value):
    """A PDF as it rests, sealed."""

    pdf: bytes


class LetterRow(Value, kw_only=True):
    """A letter as it went out: the PDF, sealed; its hash is in the announcement."""

    appeal_id: UUID
    sha256: str
    written_on: date
    sealed: str


class DenialsWork(Work):
    """What a handler of denials may touch."""

    claims = Documents(BilledClaim, claim_table, key=attrgetter("claim_id"))
    denials = Documents(Denial, denial_table, key=attrgetter("denial_id"))
    appeals = Documents(Appeal, appeal_table, key=attrgetter("appeal_id"))
    underpayments = Documents(Underpayment, underpayment_table, key=attrgetter("underpayment_id"))
    rules = Documents(PreventionRule, rule_table, key=attrgetter("rule_id"))
    letters = Rows(LetterRow, letter_table, key=attrgetter("appeal_id"))
    payers = References(PayerTerms, payer_table, key=attrgetter("payer_id"))
    payees = References(Payee, payee_table, key=attrgetter("billing_entity_id"))
    clinics = References(Clinic, clinic_table, key=attrgetter("clinic_id"))

    @property
    def today(self) -> date:
        """The day that it is in the clinic."""
        return local_date(self.now, self.clinics.get(self.stream.tenant_id).time_zone)

    def denial(self, denial_id: UUID) -> Denial:
        """Return a denial of the encounter. Raises NotFound."""
        denial = self.denials.find(denial_id)
        if denial is None:
            raise NotFound("denial")
        return denial
