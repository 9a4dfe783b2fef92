"""Code lists of services reviews (278)."""

from revcycle_x12.codes import OpenCode


class ReviewCategory(OpenCode):
    """UM01: what is to be reviewed."""

    ADMISSION = "AR"
    SERVICES = "HS"
    INDIVIDUAL = "IN"
    SPECIALTY_CARE = "SC"


class Certification(OpenCode):
    """UM02: first request, or what it does to an earlier one."""

    APPEAL_IMMEDIATE = "1"
    APPEAL_STANDARD = "2"
    CANCEL = "3"
    EXTENSION = "4"
    INITIAL = "I"
    RECONSIDERATION = "N"
    RENEWAL = "R"
    REVISED = "S"


class ReviewAction(OpenCode):
    """HCR01: what the reviewer decided."""

    CERTIFIED = "A1"
    CERTIFIED_PARTIALLY = "A2"
    NOT_CERTIFIED = "A3"
    PENDED = "A4"
    MODIFIED = "A6"
    CANCELLED = "C"
    CONTACT_PAYER = "CT"
    NO_ACTION_REQUIRED = "NA"

    @property
    def is_approval(self) -> bool:
        """Something may be done and billed: in full, in part, or changed."""
        return self.value in {"A1", "A2", "A6"}

    @property
    def is_final(self) -> bool:
        """No further answer is to be waited for."""
        return self.value not in {"A4", "CT"}
