"""What can go wrong with the embedded server, told to the person who has to act."""


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the text says why and what to do."""


class DirectoryInUseError(EmbeddedPostgresError):
    """Another supervisor holds this data directory."""


class NotDurableError(EmbeddedPostgresError):
    """The server would run with a setting under which committed work can be lost."""
