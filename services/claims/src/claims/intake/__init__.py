"""Files in: what a clearinghouse or payer sends."""
