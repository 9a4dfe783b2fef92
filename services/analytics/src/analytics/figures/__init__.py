"""What analytics computes: pure values and arithmetic on what was heard; no I/O, no clock."""
