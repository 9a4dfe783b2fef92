"""Findings by SNIP type: syntax and requirement per segment, then loops, situations, codes, balances, payer rules."""

from revcycle_x12.validate.codes import use_codes
from revcycle_x12.validate.rules import Fault, Rule, RuleMaker, fault
from revcycle_x12.validate.validation import (
    GroupResult,
    InterchangeResult,
    Report,
    TransactionResult,
    Validation,
    validate,
)

__all__ = [
    "Fault",
    "GroupResult",
    "InterchangeResult",
    "Report",
    "Rule",
    "RuleMaker",
    "TransactionResult",
    "Validation",
    "fault",
    "use_codes",
    "validate",
]
