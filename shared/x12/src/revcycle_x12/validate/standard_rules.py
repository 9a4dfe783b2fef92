"""The rules that come with the library, by guide."""

from revcycle_x12.validate.acknowledgment_rules import acknowledgment_rules
from revcycle_x12.validate.claim_balance import claim_balance
from revcycle_x12.validate.claim_dates import claim_dates
from revcycle_x12.validate.claim_rules import claim_rules
from revcycle_x12.validate.envelope_rules import envelope_rules
from revcycle_x12.validate.institutional_rules import institutional_rules
from revcycle_x12.validate.remittance_balance import remittance_balance
from revcycle_x12.validate.rules import RuleMaker
from revcycle_x12.validate.service_rules import service_rules
from revcycle_x12.validate.situations import situations

STANDARD_RULES: tuple[RuleMaker, ...] = (
    envelope_rules,
    claim_balance,
    claim_dates,
    claim_rules,
    service_rules,
    institutional_rules,
    remittance_balance,
    acknowledgment_rules,
    situations,
)
