"""What the processes of analytics are told: nothing beyond what every service is told."""

from revcycle_kit.program import ServiceSettings


class Settings(ServiceSettings):
    """Addresses of database, bus, keys and issuer; analytics has no partners."""
