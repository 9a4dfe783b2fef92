"""The rules that come with the library, by guide."""

from revcycle_x12.validate.claim_balance import claim_balance
from revcycle_x12.validate.claim_rules import claim_rules
from revcycle_x12.validate.envelope_rules import envelope_rules
from revcycle_x12.validate.remittance_balance import remittance_balance
from revcycle_x12.validate.rules import RuleMaker
from revcycle_x12.validate.situations import situations

STANDARD_RULES: tuple[RuleMaker, ...] = (envelope_rules, claim_balance, claim_rules, remittance_balance, situations)
