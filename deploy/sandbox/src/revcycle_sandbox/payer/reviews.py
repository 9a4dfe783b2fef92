"""What a payer answered to requests for review since the last step, and files with the next one."""

from datetime import datetime

from revcycle_sandbox.payer.book import Authorization, Book

Request = tuple[str, ...]
"""What a request is about: payer, person, codes, day."""


class Reviews:
    """Keeps what was agreed to or pended; in whatever order requests came, the same is filed."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.pended: dict[Request, datetime] = {}
        """Requests not decided at once: since when, as of the last step."""
        self._agreed: dict[str, Authorization] = {}
        self._pending: dict[Request, datetime] = {}

    def agree(self, authorization: Authorization) -> None:
        """Note an authorization; of two under one number the larger counts."""
        noted = self._agreed.setdefault(authorization.number, authorization)
        if (authorization.units, authorization.codes) > (noted.units, noted.codes):
            self._agreed[authorization.number] = authorization

    def pend(self, request: Request, at: datetime) -> None:
        """Note that a request waits."""
        self._pending[request] = min(at, self._pending.get(request, at))

    def file(self) -> None:
        """Let what was noted count from now on."""
        for number, authorization in self._agreed.items():
            self._book.authorizations.setdefault(number, authorization)
        for request, at in self._pending.items():
            self.pended.setdefault(request, at)
        self._agreed, self._pending = {}, {}
