"""Errors of bytes that are no HL7 v2 message."""


class UnreadableMessageError(ValueError):
    """
    The bytes cannot be read as an HL7 v2 message.

    `problem` says what is wrong, `where` names the place, `fix` what the sender does about it.
    None of the three repeats content: the message may hold patient data.
    """

    def __init__(self, problem: str, *, where: str, fix: str) -> None:
        super().__init__(f"{problem} ({where}). {fix}")
        self.problem = problem
        self.where = where
        self.fix = fix
