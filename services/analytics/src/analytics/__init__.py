"""Journeys, KPIs, aging, deadlines and reconciliation: read-only projections."""
