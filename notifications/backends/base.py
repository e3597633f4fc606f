"""What every provider looks like from the inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A PDF that goes with an email, under the name that its reader sees."""

    name: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A rendered message. `reference` is our own id of it, the same at every attempt.

    `event`, `facts` and `language` are for carriers that keep the words themselves; `html` is the
    same e-mail for readers that show it; `postal` the lines of an address, for letters; `answers`
    the Message-ID of the citizen's e-mail that it stands under in their reader.
    """

    reference: str
    medium: str
    to: str
    subject: str
    body: str
    about: str
    tried_at: datetime
    event: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    language: str = "en-gb"
    organisation: str = ""
    postal: str = ""
    html: str = ""
    answers: str = ""
    # The letter as it is to be printed, where we have made it ourselves.
    pdf: bytes = field(default=b"", repr=False)
    pages: int = 0
    enclosed: Enclosed | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """The provider has it, under this id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a provider says became of a message, in its own words for it."""

    status: str
    code: str = ""


class NotHanded(Exception):
    """The base of all that can come instead of an acceptance."""

    def __init__(self, words: str, *, code: str = "") -> None:
        super().__init__(words)
        self.code = code


class Refused(NotHanded):
    """It will not reach its reader like this.

    `address` says what became of the address: "", `opted_out` or `unusable`. `again_minutes` above
    zero means that one more try, so much later, is worth it.
    """

    def __init__(
        self, words: str, *, code: str = "", address: str = "", again_minutes: int = 0
    ) -> None:
        super().__init__(words, code=code)
        self.address = address
        self.again_minutes = again_minutes


class Later(NotHanded):
    """The provider surely did not take it; another attempt may succeed.

    `busy`: it is well and only asks for patience, so that this does not speak against it.
    """

    def __init__(
        self, words: str, *, code: str = "", after_seconds: float | None = None, busy: bool = False
    ) -> None:
        super().__init__(words, code=code)
        self.after_seconds = after_seconds
        self.busy = busy


class Unclear(NotHanded):
    """Nobody can say whether it was taken: look before sending again."""


class Backend(Protocol):
    """One account with one provider, built from a notifications.backends.accounts.Account."""

    # The kind of carrier that it speaks for.
    name: str
    # True when it talks over the network: no transaction is held meanwhile.
    outside: bool
    # True when `find` can tell what became of a message whose answer was lost.
    looks_up: bool

    def send(self, message: Outgoing) -> Handed:
        """Hands the message over. Raises Refused, Later or Unclear."""
        ...

    def find(self, message: Outgoing) -> list[str]:
        """The ids under which the provider may know this message. Raises Later if it cannot say."""
        ...


@runtime_checkable
class Asked(Protocol):
    """A backend that can be asked what became of a message that it took."""

    name: str

    def became(self, provider_id: str) -> Word | None:
        """Its last word on a message; None where it has none. Raises Later if it cannot say."""
        ...


@runtime_checkable
class KeepsOpen(Protocol):
    """A backend that keeps its connection for the next message that comes at once."""

    def rest(self) -> None:
        """Nothing more comes for now: it hangs up."""
        ...


@runtime_checkable
class TakesFiles(Protocol):
    """A backend that carries the file of an email along with it."""

    takes_files: bool
