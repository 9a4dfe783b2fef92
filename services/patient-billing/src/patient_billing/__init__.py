"""The patient ledger: statements, payments, plans, reminders, disputes."""
