"""Measurements, beside the floor and the peers. `python -m bench` runs them."""
