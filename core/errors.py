"""The one family of errors that a person may read."""

from typing import ClassVar


class DomainError(Exception):
    """A rule was broken; the message says so in words for the person who reads it."""

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
