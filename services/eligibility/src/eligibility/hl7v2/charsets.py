"""Bytes to text: the character set of MSH-18, as senders name it (HL7 table 0211)."""

import codecs

_TABLE_0211 = {
    "ASCII": "ascii",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "UNICODE UTF-32": "utf-32",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "CNS 11643-1992": "big5",
    "BIG-5": "big5",
    "ISO IR14": "iso2022_jp",
    "ISO IR87": "iso2022_jp",
    "ISO IR159": "iso2022_jp_1",
    "JIS X 0202": "iso2022_jp",
}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MSH_18 = 17


def decode(raw: bytes) -> str:
    """
    Read the bytes of one message as text; never fails.

    The declared character set is tried first, then UTF-8, then Windows-1252, then Latin-1,
    because senders declare one set and send another.
    """
    for candidate in (_declared(raw), "utf-8", "cp1252"):
        try:
            return raw.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")


def without_byte_order_mark(raw: bytes) -> bytes:
    """Drop a byte-order mark; UTF-16 and UTF-32 text becomes UTF-8, so that delimiters are single bytes."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            if encoding == "utf-8":
                return raw[len(mark) :]
            return raw.decode(encoding, errors="replace").encode()
    return raw


def _declared(raw: bytes) -> str:
    header = raw[:2000].replace(b"\n", b"\r").split(b"\r", 1)[0]
    fields = header.split(header[3:4]) if len(header) > 3 else []  # noqa: PLR2004 - "MSH" has three letters
    named = fields[_MSH_18] if len(fields) > _MSH_18 else b""
    first = named.split(header[5:6])[0] if named else b""
    return _python_name(first.decode("ascii", errors="replace").strip().upper())


def _python_name(name: str) -> str:
    if name in _TABLE_0211:
        return _TABLE_0211[name]
    if name.startswith("8859/"):
        return f"iso8859-{name.removeprefix('8859/')}"
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
