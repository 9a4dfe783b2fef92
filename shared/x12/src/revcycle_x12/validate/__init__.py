"""Findings by SNIP type: syntax and requirement per segment, then loops, situations, codes, balances, payer rules."""
