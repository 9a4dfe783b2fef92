"""The composition root: `python -m analytics.main api|worker|relay|connector|migrate`."""

from analytics.http import build_app
from analytics.queries.database import ReadOnlyDatabase
from analytics.service import build
from analytics.settings import Settings
from analytics.storage import AnalyticsWork
from revcycle_kit.delivery.service import Service
from revcycle_kit.program import Program


def compose(settings: Settings) -> Service[AnalyticsWork]:
    """Build the service over its own database."""
    return build(ReadOnlyDatabase.at(settings.database_worker))


PROGRAM = Program(package="analytics", settings=Settings, build=compose, app=build_app)

if __name__ == "__main__":
    PROGRAM.run()
