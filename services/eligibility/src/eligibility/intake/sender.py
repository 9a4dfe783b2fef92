"""The sender of messages, as a connection knows it."""

from uuid import UUID

from revcycle_kit.values import Value


class Sender(Value):
    """A connection: whose messages it brings, and the clinic of those that name none."""

    organization_id: UUID
    clinic_id: UUID
    name: str = "ehr"
