"""How the domain says that something cannot be done as things stand."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """
    Something asked for cannot be done as things stand.

    `reason` says what is in the way, `fix` what to do next; neither names a patient.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}: {fix}")
        self.reason = reason
        self.fix = fix
