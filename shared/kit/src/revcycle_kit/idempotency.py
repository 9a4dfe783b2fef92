"""Idempotency: the key that makes a command safe to repeat, ours or a partner's."""

from typing import Final

from revcycle_kit.values import Value

KEY_HEADER: Final = "Idempotency-Key"


class CommandKey(Value):
    """The caller's key, and the hash of what was asked under it."""

    key: str
    request_hash: bytes
