"""The one family of errors that a person may read."""

from typing import ClassVar


class DomainError(Exception):
    """A rule was broken; the message says so in words for the person who reads it."""

    code: ClassVar[str] = "refused"
    # The field of a form that it is about, where it always is the same one.
    field: str | None = None

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if field is not None:
            self.field = field
