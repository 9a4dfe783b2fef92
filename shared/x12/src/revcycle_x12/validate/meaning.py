"""What an element's neighbours make of it (SNIP 5): NPI, state and ZIP code, diagnosis and procedure codes."""

import re
from collections.abc import Callable
from functools import lru_cache

from revcycle_x12._syntax.delimiters import Delimiters
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.codes import verdict
from revcycle_x12.validate.problem import Problem
from revcycle_x12.validate.tables import TEETH

Meaning = Callable[[list[str], Delimiters], list[Problem]]
_NONE: list[Problem] = []
_ZIP = re.compile(r"\d{5}(?:\d{4})?\Z", re.ASCII)
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d\Z", re.ASCII)
_ICD10 = re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}\Z", re.ASCII)
_ICD9 = re.compile(r"(?:[0-9V]\d{2}|E\d{3})\d{0,2}\Z", re.ASCII)
_ICD10_PROCEDURE = re.compile(r"[0-9A-HJ-NP-Z]{7}\Z", re.ASCII)
_ICD9_PROCEDURE = re.compile(r"\d{2,4}\Z", re.ASCII)
_UB_CODE = re.compile(r"[0-9A-Z]{2}\Z", re.ASCII)
_DRG = re.compile(r"[0-9A-Z]{3,5}\Z", re.ASCII)
_REVENUE = re.compile(r"\d{4}\Z", re.ASCII)
_NDC = re.compile(r"\d{11}\Z", re.ASCII)
_TELEPHONE = re.compile(r"\d+\Z", re.ASCII)
_HCPCS = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]\Z", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X\Z", re.ASCII)
_TAX_NUMBER = re.compile(r"\d{9}\Z", re.ASCII)
_DIAGNOSES = dict.fromkeys(("ABK", "ABF", "ABJ", "APR", "ABN"), _ICD10)
_DIAGNOSES |= dict.fromkeys(("BK", "BF", "BJ", "PR", "BN"), _ICD9)
_DIAGNOSES |= dict.fromkeys(("BBR", "BBQ"), _ICD10_PROCEDURE) | dict.fromkeys(("BR", "BQ"), _ICD9_PROCEDURE)
_DIAGNOSES |= dict.fromkeys(("BE", "BG", "BH", "BI"), _UB_CODE) | {"DR": _DRG}
_TABLES = {_ICD10: "icd10cm", _ICD10_PROCEDURE: "icd10pcs"}
_REVENUES = {"SV2": 1, "SVC": 4, "SVD": 4}
_PROCEDURES = {"SV1": (1,), "SV2": (2,), "SVC": (1, 6), "SVD": (3,)}
_PLACEHOLDERS = frozenset({"1234567890", "9876543210", "0123456789", "123456789"})
_DISTINCT_DIGITS_MAX = 3


@lru_cache(1 << 14)
def is_npi(text: str) -> bool:
    """Say whether ten digits carry the check digit of an NPI (Luhn over 80840 and the number)."""
    if len(text) != 10 or not text.isdecimal():  # noqa: PLR2004 (an NPI has ten digits)
        return False
    total = 24  # the prefix 80840 contributes 24
    for place, digit in enumerate(reversed(text)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 (sum of the digits of the product)
    return total % 10 == 0


def _npi(qualifier: int) -> Meaning:
    place = qualifier + 1

    def check(elements: list[str], _: Delimiters) -> list[Problem]:
        if len(elements) <= place or elements[qualifier] != "XX" or is_npi(elements[place]):
            return _NONE
        text = elements[place]
        placeholder = text in _PLACEHOLDERS or len(set(text)) <= _DISTINCT_DIGITS_MAX or "1234567" in text[1:]
        reference = f"{elements[0]}{place:02d}"
        return [
            Problem(
                "npi-check-digit",
                f"{reference} is no NPI: ten digits, the last of which checks the others",
                reference,
                "look the number up in NPPES",
                Snip.CODE_SET,
                place,
                severity=Severity.WARNING if placeholder else Severity.ERROR,
            )
        ]

    return check


def _place(elements: list[str], _: Delimiters) -> list[Problem]:
    """N4: state and postal code of the United States and Canada."""
    row = (*elements, "", "", "", "")
    state, postal, country = row[2], row[3], row[4]
    if country not in {"", "US", "CA"}:
        return _NONE
    found = _NONE
    if state and verdict("state", state) is not None:
        message = f"N402 {state!r} is no state, territory or province"
        found = [Problem("state-unknown", message, "N402", "use the two-letter postal code", Snip.CODE_SET, 2)]
    if not state and country in {"", "US"} and _ZIP.match(postal):
        fix = "send the two-letter postal code in N402"
        problem = Problem(
            "state-missing", "an address in the United States has no state", "N402", fix, Snip.SITUATION, 2
        )
        found = [problem]
    if postal and not _ZIP.match(postal) and not _CANADIAN.match(postal):
        message = "N403 is no postal code: five or nine digits, or a Canadian code"
        lost_zero = postal.isdecimal() and len(postal) == 4  # noqa: PLR2004 (a spreadsheet ate the leading zero)
        severity = Severity.WARNING if lost_zero else Severity.ERROR
        fix = "write it without a hyphen, with its leading zeros"
        found = [*found, Problem("postal-code", message, "N403", fix, Snip.CODE_SET, 3, severity=severity)]
    return found


@lru_cache(1 << 14)
def _code_fault(text: str, separator: str) -> str:
    """Tell what is wrong with the code of an HI composite, empty where nothing is."""
    qualifier, _, rest = text.partition(separator)
    shape = _DIAGNOSES.get(qualifier)
    code = rest.split(separator, 1)[0]
    if shape is None or not code:
        return ""
    if "." in code:
        return "is written with a point"
    if not shape.match(code):
        return "does not have the form of its code set"
    table = _TABLES.get(shape)
    return "is not in the code set" if table is not None and verdict(table, code) is not None else ""


def _health_codes(elements: list[str], delimiters: Delimiters) -> list[Problem]:
    found = _NONE
    for place in range(1, len(elements)):
        fault = _code_fault(elements[place], delimiters.component)
        if fault:
            reference = f"HI{place:02d}-2"
            message = f"the code in {reference} {fault}"
            fix = "send the code of the version in force on the date, without a point"
            found = [*found, Problem("health-code", message, reference, fix, Snip.CODE_SET, place, 2)]
    return found


@lru_cache(1 << 14)
def _procedure_fault(text: str, separator: str) -> str:
    qualifier, _, rest = text.partition(separator)
    code = rest.split(separator, 1)[0]
    if qualifier != "HC" or not code:
        return ""
    if not _HCPCS.match(code):
        return "does not have the form of a HCPCS or CPT code"
    return "is not in the code set" if verdict("hcpcs", code) is not None else ""


def _procedure(places: tuple[int, ...], revenue: int) -> Meaning:
    def check(elements: list[str], delimiters: Delimiters) -> list[Problem]:
        found = _NONE
        if revenue and revenue < len(elements) and elements[revenue] and not _REVENUE.match(elements[revenue]):
            reference = f"{elements[0]}{revenue:02d}"
            message = f"{reference} is no revenue code: four digits"
            severity = Severity.ERROR if elements[0] == "SV2" else Severity.WARNING  # an echo is the payer's to mend
            fix = "write it with its leading zero"
            found = [Problem("revenue-code", message, reference, fix, Snip.CODE_SET, revenue, severity=severity)]
        for place in places:
            if place < len(elements):
                fault = _procedure_fault(elements[place], delimiters.component)
                if fault:
                    reference = f"{elements[0]}{place:02d}-2"
                    message = f"the code in {reference} {fault}"
                    found = [*found, Problem("procedure-code", message, reference, "", Snip.CODE_SET, place, 2)]
        return found

    return check


def _remark(elements: list[str], _: Delimiters) -> list[Problem]:
    """LQ: a remark code under HE."""
    if len(elements) < 3 or elements[1] != "HE":  # noqa: PLR2004 (LQ02)
        return _NONE
    severity = verdict("remark", elements[2])
    if severity is None:
        return _NONE
    message = f"LQ02 has the code {elements[2]!r}, which is no remark code"
    return [Problem("code-unknown", message, "LQ02", "", Snip.CODE_SET, 2, severity=severity)]


def _patterned(qualifier: int, codes: frozenset[str], shape: re.Pattern[str], says: str) -> Meaning:
    """Give a number under some qualifiers that has a form of its own: a warning where it has not."""
    place = qualifier + 1

    def check(elements: list[str], _: Delimiters) -> list[Problem]:
        if len(elements) <= place or elements[qualifier] not in codes or shape.match(elements[place]):
            return _NONE
        reference = f"{elements[0]}{place:02d}"
        message = f"{reference} is {says}"
        return [Problem("number-form", message, reference, "", Snip.CODE_SET, place, severity=Severity.WARNING)]

    return check


def is_routing_number(text: str) -> bool:
    """Say whether nine digits carry the check digit of an ABA routing number."""
    if len(text) != 9 or not text.isdecimal():  # noqa: PLR2004 (an ABA number has nine digits)
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def _banks(elements: list[str], _: Delimiters) -> list[Problem]:
    """BPR: the banks' routing numbers."""
    found = _NONE
    for place in (7, 13):
        if len(elements) > place and elements[place - 1] == "01" and not is_routing_number(elements[place]):
            reference = f"BPR{place:02d}"
            message = f"{reference} is no routing number: nine digits, the last of which checks the others"
            found = [
                *found,
                Problem("number-form", message, reference, "", Snip.CODE_SET, place, severity=Severity.WARNING),
            ]
    return found


def _ndc(elements: list[str], _: Delimiters) -> list[Problem]:
    """LIN: a drug code under N4."""
    if len(elements) < 4 or elements[2] != "N4" or _NDC.match(elements[3]):  # noqa: PLR2004 (LIN03)
        return _NONE
    fix = "write the eleven digits without hyphens, each part with its leading zeros"
    return [Problem("drug-code", "LIN03 is no national drug code: eleven digits", "LIN03", fix, Snip.CODE_SET, 3)]


def _telephones(elements: list[str], _: Delimiters) -> list[Problem]:
    """PER: numbers of telephones, faxes and extensions."""
    found = _NONE
    for place in (4, 6, 8):
        if (
            place < len(elements)
            and elements[place - 1] in {"TE", "FX", "EX"}
            and not _TELEPHONE.match(elements[place])
        ):
            reference = f"PER{place:02d}"
            message = f"{reference} is no telephone number: digits only"
            fix = "write area code and number without blanks, brackets or hyphens"
            problem = Problem("number-form", message, reference, fix, Snip.CODE_SET, place, severity=Severity.WARNING)
            found = [*found, problem]
    return found


def _tooth(elements: list[str], _: Delimiters) -> list[Problem]:
    """TOO: a tooth in universal numbering."""
    if len(elements) < 3 or elements[1] != "JP" or elements[2] in TEETH:  # noqa: PLR2004 (TOO02)
        return _NONE
    fix = "1 to 32 or A to T; 51 to 82 and AS to TS for a supernumerary tooth"
    return [Problem("tooth-unknown", "TOO02 is no tooth", "TOO02", fix, Snip.CODE_SET, 2)]


_MEANINGS: dict[str, Meaning] = {
    "BPR": _banks,
    "PRV": _patterned(2, frozenset({"PXC"}), _TAXONOMY, "no taxonomy code: ten characters, the last an X"),
    "REF": _patterned(1, frozenset({"EI", "TJ"}), _TAX_NUMBER, "no tax number: nine digits"),
    "NM1": _npi(8),
    "N1": _npi(3),
    "N4": _place,
    "HI": _health_codes,
    "LQ": _remark,
    "LIN": _ndc,
    "PER": _telephones,
    "TOO": _tooth,
    **{segment_id: _procedure(places, _REVENUES.get(segment_id, 0)) for segment_id, places in _PROCEDURES.items()},
}


def meaning_of(segment_id: str) -> Meaning | None:
    """Give the check of what a segment's elements mean together, if there is one."""
    return _MEANINGS.get(segment_id)
