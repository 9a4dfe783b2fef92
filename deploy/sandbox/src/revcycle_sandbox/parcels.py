"""What travels between the revenue-cycle system and the world outside it."""

from typing import Any

import msgspec


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """
    One thing handed over: a file, a message, a letter, a payment.

    `channel` says how to read `content`; SANDBOX.md lists the channels and the
    shape of each JSON body. `meta` carries what an envelope would.
    """

    channel: str
    sender: str
    receiver: str
    content: bytes
    name: str = ""
    meta: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """Read the content as a JSON object; raises ValueError where it is none."""
        return msgspec.json.decode(self.content, type=dict[str, Any])


def json_parcel(channel: str, sender: str, receiver: str, body: object, **meta: str) -> Parcel:
    """Wrap a JSON body, its keys in a fixed order so that the same body gives the same bytes."""
    content = msgspec.json.encode(body, order="deterministic")
    return Parcel(channel=channel, sender=sender, receiver=receiver, content=content, meta=meta)
