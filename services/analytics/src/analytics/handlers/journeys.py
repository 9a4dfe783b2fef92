"""Journeys: one row for every event of every service, with what words need of it."""

import msgspec

from analytics.figures.detail import Detail, detail_of
from analytics.handlers.concluding import conclude
from analytics.storage import AnalyticsWork, Mention, RecordedEvent
from revcycle_kit.delivery.messages import Envelope
from revcycle_kit.ids import derived_id

_encode = msgspec.json.Encoder().encode


async def record_event(envelope: Envelope, work: AnalyticsWork) -> None:
    """Add one event to the story, and say which encounters it touches when it was told on another line."""
    detail = detail_of(envelope.body)
    work.events.add(
        RecordedEvent(
            event_id=envelope.message_id,
            stream_kind=envelope.stream.kind,
            source=envelope.source,
            type=envelope.name,
            version=envelope.version,
            step=envelope.step,
            occurred_at=envelope.occurred_at,
            detail=_encode(detail),
        )
    )
    if envelope.stream.kind == "encounter":
        _go_on(envelope, work)
    else:
        _mention(envelope, detail, work)


def _go_on(envelope: Envelope, work: AnalyticsWork) -> None:
    """Note that the journey goes on; where no alarm stands, set one, for the event may have no handler of its own."""
    before = work.encounter(envelope.stream.id)
    encounter = before.went_on(envelope.name, envelope.occurred_at)
    if before.armed_at is None:
        conclude(encounter, work)
    else:
        work.encounters.put(encounter)


def _mention(envelope: Envelope, detail: Detail, work: AnalyticsWork) -> None:
    named = detail.encounter_ids or ((detail.encounter_id,) if detail.encounter_id else ())
    for encounter_id in dict.fromkeys(named):
        mention_id = derived_id("mention", str(envelope.message_id), str(encounter_id))
        work.mentions.add(Mention(mention_id=mention_id, event_id=envelope.message_id, encounter_id=encounter_id))
