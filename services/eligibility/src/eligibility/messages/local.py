"""Local messages: what one stream of eligibility sends to another."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from eligibility.domain.directory import Payer, Provider
from eligibility.domain.facts import Fact, PatientSent, Source
from eligibility.domain.patient import Link
from revcycle_kit.delivery.messages import Local


class Facts(Local, frozen=True, kw_only=True):
    """Facts of a message, on their way, in the order in which it tells them."""

    SEALED: ClassVar[bool] = True
    facts: tuple[Fact, ...]
    message_id: UUID
    source: Source
    sent_at: datetime | None
    received_at: datetime


class PatientFacts(Facts, frozen=True, kw_only=True):
    """To the patient: find the encounters that are meant."""


class EncounterFacts(Facts, frozen=True, kw_only=True):
    """To the encounter: take the facts."""


class EncountersHandedOver(Local, frozen=True, kw_only=True):
    """To the surviving patient: the encounters of a retired record are yours now."""

    SEALED: ClassVar[bool] = True
    surviving: PatientSent
    links: tuple[Link, ...]


class EncounterMoved(Local, frozen=True, kw_only=True):
    """To an encounter: your patient's record was merged into another."""

    surviving_patient_id: UUID
    retired_patient_id: UUID


class PayerDiscovered(Local, frozen=True, kw_only=True):
    """To the directory: a message names a payer that nobody entered."""

    payer: Payer


class ProviderDiscovered(Local, frozen=True, kw_only=True):
    """To the directory: a message names a clinician whom nobody entered."""

    provider: Provider
