"""Code lists of eligibility responses."""

from revcycle_x12.codes import OpenCode


class BenefitInformation(OpenCode):
    """EB01: what a benefit line says."""

    ACTIVE = "1"
    ACTIVE_FULL_RISK_CAPITATION = "2"
    ACTIVE_CAPITATED = "3"
    ACTIVE_CAPITATED_TO_PRIMARY_CARE = "4"
    ACTIVE_UNDER_INVESTIGATION = "5"
    INACTIVE = "6"
    INACTIVE_PENDING_UPDATE = "7"
    INACTIVE_UNDER_INVESTIGATION = "8"
    COINSURANCE = "A"
    COPAYMENT = "B"
    DEDUCTIBLE = "C"
    COVERAGE_BASIS = "CB"
    DESCRIPTION = "D"
    EXCLUSIONS = "E"
    LIMITATIONS = "F"
    OUT_OF_POCKET_MAXIMUM = "G"
    UNLIMITED = "H"
    NOT_COVERED = "I"
    COST_CONTAINMENT = "J"
    RESERVE = "K"
    PRIMARY_CARE_PROVIDER = "L"
    PRE_EXISTING_CONDITION = "M"
    MANAGED_CARE_COORDINATOR = "MC"
    RESTRICTED_TO_PROVIDER = "N"
    NOT_DEEMED_NECESSARY = "O"
    DISCLAIMER = "P"
    SECOND_OPINION_REQUIRED = "Q"
    OTHER_PAYER = "R"
    PRIOR_YEARS_HISTORY = "S"
    CARD_LOST_OR_STOLEN = "T"
    CONTACT = "U"
    CANNOT_PROCESS = "V"
    OTHER_SOURCE = "W"
    FACILITY = "X"
    SPEND_DOWN = "Y"

    @property
    def is_active(self) -> bool:
        """Coverage is in force (1 to 5)."""
        return self.value in {"1", "2", "3", "4", "5"}

    @property
    def is_inactive(self) -> bool:
        """Coverage is not in force (6 to 8)."""
        return self.value in {"6", "7", "8"}


class CoverageLevel(OpenCode):
    """EB02: whom a benefit is for."""

    CHILDREN = "CHD"
    DEPENDENTS = "DEP"
    EMPLOYEE_AND_CHILDREN = "ECH"
    EMPLOYEE = "EMP"
    EMPLOYEE_AND_SPOUSE = "ESP"
    FAMILY = "FAM"
    INDIVIDUAL = "IND"
    SPOUSE_AND_CHILDREN = "SPC"
    SPOUSE = "SPO"


class BenefitPeriod(OpenCode):
    """EB06: the period an amount is for."""

    HOUR = "6"
    DAY = "7"
    TWENTY_FOUR_HOURS = "13"
    YEARS = "21"
    SERVICE_YEAR = "22"
    CALENDAR_YEAR = "23"
    YEAR_TO_DATE = "24"
    CONTRACT = "25"
    EPISODE = "26"
    VISIT = "27"
    OUTLIER = "28"
    REMAINING = "29"
    EXCEEDED = "30"
    NOT_EXCEEDED = "31"
    LIFETIME = "32"
    LIFETIME_REMAINING = "33"
    MONTH = "34"
    WEEK = "35"
    ADMISSION = "36"
