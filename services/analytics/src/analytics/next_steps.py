"""What comes next in a journey, in business words."""

from typing import Final

from analytics.facts import Encounter, State

_NEXT: Final[dict[State, str]] = {
    "registered": "The EHR sends the charges.",
    "charges_received": "Claims prices and codes the charges.",
    "waiting_for_codes": "A coder supplies what is missing.",
    "unbilled": "The claim is built, edited and sent.",
    "held": "Somebody fixes what the edits found, and the claim goes out.",
    "with_payer": "The payer decides the claim.",
    "rejected": "The claim is corrected and sent as new.",
    "answered": "The open amount is followed up with the payer.",
    "denied": "The refusal is corrected, appealed or given up.",
    "in_transit": "Patient billing takes up what claims transferred.",
    "patient_owes": "The guarantor pays or is reminded.",
    "credit_balance": "The credit balance is refunded.",
    "closed": "Nothing: every dollar is accounted for.",
    "cancelled": "Nothing: the encounter did not take place.",
}


def next_step(encounter: Encounter) -> str:
    """Say what has to happen next."""
    return _NEXT[encounter.state]
