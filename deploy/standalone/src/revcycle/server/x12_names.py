"""How an interchange is called by what is in it."""

ISA_LENGTH = 106
KINDS = {b"X222": "P", b"X223": "I", b"X224": "D", b"X214": "CA"}
"""By the number of the guide: professional, institutional, dental; claim acknowledgment."""


def transaction_set(interchange: bytes) -> str:
    """Return the first transaction set's name (837P, 837I, 835 …), or TA1; empty where it is no interchange."""
    if len(interchange) < ISA_LENGTH:
        return ""
    element, terminator = interchange[3:4], interchange[105:106]
    name = ""
    for raw in interchange.split(terminator, 6):
        parts = raw.strip().split(element)
        if parts[0] == b"TA1":
            name = name or "TA1"
        if parts[0] == b"ST":
            guide = parts[3] if len(parts) > 3 else b""  # noqa: PLR2004 - ST03 is optional
            return parts[1].decode() + KINDS.get(guide[6:10], "")
    return name
