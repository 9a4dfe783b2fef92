"""HL7 v2 messages as tests write them."""


def hl7_message(*segments: str) -> bytes:
    """Join segments into one message, as senders end them."""
    return ("\r".join(segments) + "\r").encode()
