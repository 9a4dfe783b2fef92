"""The rules that come with the library, by guide."""

from revcycle_x12.validate.rules import RuleMaker

STANDARD_RULES: tuple[RuleMaker, ...] = ()
