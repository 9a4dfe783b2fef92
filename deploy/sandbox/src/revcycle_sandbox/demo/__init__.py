"""The demonstration world: a billing company, its clinics, the payers around, and a population."""

from revcycle_sandbox.demo.world import demo_world

__all__ = ["demo_world"]
