"""Invented names, streets and numbers for people who do not exist."""

from typing import Final

from revcycle_sandbox.draws import Draws

FAMILIES: Final = (
    "ABBOT", "BARLOW", "CASTELLO", "DRAKE", "ELLERY", "FENWICK", "GARNER", "HOLLIS", "INGRAM", "JANSEN", "KEANE",
    "LORIMER", "MERCER", "NOLAN", "ORTEGA", "PAXTON", "QUIMBY", "RENARD", "SALGADO", "THORNE", "UPTON", "VARGA",
    "WINSLOW", "YARROW", "ZELLER", "ALCOTT", "BRANDT", "CORMIER", "DELGADO", "ESPOSITO", "FARROW", "GODDARD",
    "HAVEL", "IBARRA", "JESSUP", "KOWAL", "LINDGREN", "MARCHETTI", "NAKANO", "OKAFOR", "PETRAK", "ROURKE",
    "SHAPIRO", "TANAKA",
)  # fmt: skip
WOMEN: Final = (
    "ADA", "BEATRIZ", "CLARA", "DINAH", "ELENA", "FAYE", "GRETA", "HELEN", "IRIS", "JUNE", "KEIKO", "LENA",
    "MAEVE", "NORA", "OLIVE", "PEARL", "ROSA", "STELLA", "TESS", "VERA",
)  # fmt: skip
MEN: Final = (
    "AMOS", "BRUNO", "CARL", "DEXTER", "EMIL", "FELIX", "GUS", "HUGO", "IVAN", "JONAS", "KARL", "LEON", "MILO",
    "NED", "OTTO", "PABLO", "RUFUS", "SIMON", "TEO", "VICTOR",
)  # fmt: skip
STREETS: Final = ("MAPLE AVENUE", "HARBOR ROAD", "MILL STREET", "ORCHARD LANE", "STATION ROAD", "HILL STREET")
_MBI_LETTERS: Final = "ACDEFGHJKMNPQRTUVWXY"
_MBI_PATTERN: Final = "1ABNABNAANN"
"""1 a digit but zero, A a letter, N a digit, B a letter or digit."""
_LUHN_PREFIX: Final = "80840"


def medicare_number(draws: Draws, key: str) -> str:
    """Give a Medicare beneficiary identifier: eleven characters, none of S L O I B Z."""
    choices = {"1": "123456789", "A": _MBI_LETTERS, "N": "0123456789", "B": _MBI_LETTERS + "0123456789"}
    return "".join(
        draws.pick(choices[kind], "medicare number", key, str(place)) for place, kind in enumerate(_MBI_PATTERN)
    )


def npi(nine: str) -> str:
    """Add the check digit to nine digits of an NPI (Luhn over 80840 and the number)."""
    total = 0
    for place, digit in enumerate(reversed(_LUHN_PREFIX + nine)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of two digits
    return f"{nine}{-total % 10}"
