"""Composition root: `python -m analytics.main api|worker|relay|migrate`."""

from analytics.http import build_app
from analytics.readings import Readings
from analytics.service import build
from analytics.settings import AnalyticsSettings
from revcycle_kit.program import Program

PROGRAM = Program(
    package="analytics",
    settings=AnalyticsSettings,
    build=lambda settings: build(Readings.at(settings.database_worker)),
    app=build_app,
)

if __name__ == "__main__":
    PROGRAM.run()
