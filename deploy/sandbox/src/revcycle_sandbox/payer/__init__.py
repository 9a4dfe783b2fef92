"""A believable payer: gates, prices, cost share, coordination, clocks and payment cycle."""
