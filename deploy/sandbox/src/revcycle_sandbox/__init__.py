"""Simulated payers, clearinghouse, EHR feed, bank and patients."""

from revcycle_sandbox.app import build_app
from revcycle_sandbox.demo import demo_world
from revcycle_sandbox.folder import FolderDoor
from revcycle_sandbox.journal import Journal
from revcycle_sandbox.parcels import Parcel
from revcycle_sandbox.program import SandboxProgram
from revcycle_sandbox.sandbox import Sandbox
from revcycle_sandbox.scenario import NotAScenario, load_scenario
from revcycle_sandbox.world import World, from_json, to_json

__all__ = [
    "FolderDoor",
    "Journal",
    "NotAScenario",
    "Parcel",
    "Sandbox",
    "SandboxProgram",
    "World",
    "build_app",
    "demo_world",
    "from_json",
    "load_scenario",
    "to_json",
]
