"""The mechanism every service stands on: delivery, database, HTTP, sealing, clock, money, telemetry."""
