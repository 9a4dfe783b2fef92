"""What this library refuses, and how it says so. No message carries the text of a name, an address or an identifier."""


class X12Error(Exception):
    """Any refusal of this library."""


class NotX12Error(X12Error, ValueError):
    """The input holds no interchange at all."""


class ElementError(X12Error, ValueError):
    """An element is missing or is not of its type: the rest of the loop is still usable."""

    def __init__(self, reference: str, problem: str) -> None:
        super().__init__(f"{reference}: {problem}")
        self.reference = reference
        self.problem = problem


class WriteError(X12Error, ValueError):
    """What was asked to be written cannot be said in this guide."""

    def __init__(self, where: str, problem: str, fix: str = "") -> None:
        super().__init__(f"{where}: {problem}" + (f"; {fix}" if fix else ""))
        self.where = where
        self.problem = problem
        self.fix = fix


class StreamOrderError(X12Error, RuntimeError):
    """A streamed transaction was asked for what lies behind claims not yet read, or for claims already gone."""


class GuideError(X12Error, ValueError):
    """A guide's table, or a path into a guide, is not well formed."""
