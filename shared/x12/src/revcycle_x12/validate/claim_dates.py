"""Dates of an 837 claim against each other (SNIP 4 and 5): service, birth, the file, and the ICD version in force."""

from collections.abc import Iterator

from revcycle_x12._reading.chunks import Chunk, Transaction
from revcycle_x12._reading.loop import Elements, Loop
from revcycle_x12._syntax.elements import is_period
from revcycle_x12._syntax.findings import Severity, Snip
from revcycle_x12.validate.rules import Fault, Rule, fault

_ICD10_SINCE = "20151001"
"""Services from this day on (discharges, for institutional claims) are coded in ICD-10: 45 CFR 162.1002."""
_ICD9 = frozenset({"BK", "BF", "BJ", "PR", "BN", "BR", "BQ"})
_ICD10 = frozenset({"ABK", "ABF", "ABJ", "APR", "ABN", "BBR", "BBQ"})
_DAY = len("CCYYMMDD")


class ClaimDates:
    """What the dates of one claim ask of each other. Dates are compared as texts: CCYYMMDD sorts as it stands."""

    def __init__(self) -> None:
        self._file_on = ""
        self._born_on = ""
        """Of the patient whose claims come now: the dependent, or the subscriber where no dependent follows."""

    def chunk(self, chunk: Chunk) -> Iterator[Fault]:
        loop = chunk.loop
        if loop.spec.id == "2300":
            yield from self._claim(loop)
        elif loop.spec.id == "2000B":
            yield from self._birth(loop.loop("2010BA"))
        elif loop.spec.id == "2000C":
            yield from self._birth(loop.loop("2010CA"))
        elif loop.spec.id == "ST" and not self._file_on:
            self._file_on = _day(loop.elements("BHT"), 4)

    def end(self, root: Loop) -> Iterator[Fault]:  # noqa: ARG002 (nothing is said of the whole)
        return iter(())

    def _birth(self, person: Loop | None) -> Iterator[Fault]:
        born = person.elements("DMG") if person is not None else None
        self._born_on = _day(born, 2)
        if person is not None and self._file_on and self._born_on > self._file_on:
            message = "DMG02 is a date of birth after the date of the file"
            yield _warning("birth-in-future", message, person, born, "DMG02")

    def _claim(self, claim: Loop) -> Iterator[Fault]:
        served = [
            (loop, elements)
            for loop, qualifier in ((claim, "434"), (claim, "472"), *((line, "472") for line in claim.loops("2400")))
            if (elements := loop.elements("DTP", qualifier)) is not None and len(elements) > 3  # noqa: PLR2004 (DTP03)
        ]
        first = min((elements[3] for _, elements in served), default="")
        last = max((elements[3][-_DAY:] for _, elements in served), default="")
        if last > self._file_on or first[:_DAY] < self._born_on:
            for loop, elements in served:
                if is_period(elements[2], elements[3]):
                    yield from self._service(loop, elements)
        yield from _icd_versions(claim, last or self._file_on)

    def _service(self, loop: Loop, elements: Elements) -> Iterator[Fault]:
        if self._file_on and elements[3][-_DAY:] > self._file_on:
            message = "DTP03 is a service after the date of the file"
            yield _warning("service-in-future", message, loop, elements, "DTP03")
        if elements[3][:_DAY] < self._born_on:
            message = "DTP03 is a service before the patient was born"
            yield _warning("service-before-birth", message, loop, elements, "DTP03")


def _icd_versions(claim: Loop, served_on: str) -> Iterator[Fault]:
    separator = claim.delimiters.component
    of_claim = claim.lists("HI")
    qualifiers = {text.partition(separator)[0]: item for item in of_claim for text in item[1:]}
    old, new = _ICD9 & qualifiers.keys(), _ICD10 & qualifiers.keys()
    if old and new:
        message = "HI01 to HI12 mix codes of ICD-9 and of ICD-10"
        yield _icd("diagnosis-mixed", message, claim, qualifiers[min(old)])
    elif old and served_on >= _ICD10_SINCE:
        message = "ICD-9 is not in force on the date of service: since October 2015 it is ICD-10"
        yield _icd("diagnosis-version", message, claim, qualifiers[min(old)])
    elif new and served_on and served_on < _ICD10_SINCE:
        message = "ICD-10 is not in force on the date of service: before October 2015 it was ICD-9"
        yield _icd("diagnosis-version", message, claim, qualifiers[min(new)])


def _icd(code: str, message: str, claim: Loop, elements: Elements) -> Fault:
    fix = "code the claim in the version in force on the date of service"
    return fault(code, message, claim, elements, "HI01", fix=fix, snip=Snip.CODE_SET)


def _day(elements: Elements | None, position: int) -> str:
    """Give the first day of an element, empty where it has none."""
    text = elements[position][:_DAY] if elements is not None and len(elements) > position else ""
    return text if is_period("D8", text) else ""


def _warning(code: str, message: str, loop: Loop, elements: Elements | None, element: str) -> Fault:
    fix = "look the date up, and correct whichever is wrong"
    return fault(code, message, loop, elements, element, fix=fix, snip=Snip.SITUATION, severity=Severity.WARNING)


def claim_dates(transaction: Transaction) -> Rule | None:
    """Give the rule for the 837 guides."""
    guide = transaction.guide
    return ClaimDates() if guide is not None and guide.set_id == "837" else None
