"""One person's answers on their way to us, whatever door they come by. Frozen values; pure.

Each journey has its own id, under which intake knows the enquiry: sending twice gives the same
reference. Where it is kept until it is sent is the door's own matter.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, fields, replace
from typing import Any

from kb.forms.schema import DESCRIPTION

EMAIL, SMS, NOBODY = "email", "sms", "none"


@dataclass(frozen=True, slots=True)
class Journey:
    """What was answered so far. `done` names the questions answered, by their keys, and "about";
    `passed` the ends that were read and gone on from; `reference` says that it was sent.
    """

    id: str
    revision: int = 0
    done: tuple[str, ...] = ()
    service: str = ""
    service_name: str = ""
    # The version of the form that it was begun with: that one asks until it is sent.
    form_id: int | None = None
    passed: tuple[str, ...] = ()
    postcode: str = ""
    address: str = ""
    nowhere: bool = False
    # Of an address from a list; a point on the map.
    uprn: str = ""
    latitude: float | None = None
    longitude: float | None = None
    # The place and service for which the person has read what others told us; which of it is
    # theirs too, sealed, or which notice.
    nearby_for: str = ""
    joins: str = ""
    notice: str = ""
    # What the service's own questions were answered, by their keys.
    answers: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    tell_by: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    reference: str = ""
    secret: str = ""
    owner: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether intake has it."""
        return bool(self.reference)

    @property
    def told_at(self) -> str:
        """The address that they chose to be told at; none for who chose not to be."""
        return {EMAIL: self.email, SMS: self.phone}.get(self.tell_by, "")

    def answered(self, step: str, **answers: Any) -> Journey:
        """The journey with one step answered, or answered anew."""
        done = self.done if step in self.done else (*self.done, step)
        return replace(self, revision=self.revision + 1, done=done, **answers)

    def about(self, service: str, name: str, form_id: int | None = None) -> Journey:
        """The journey about a service. Another one asks for the place and for names in other words,
        so those are asked again; what was typed stays in the fields.
        """
        if service == self.service and "about" in self.done:
            return replace(self, revision=self.revision + 1)
        return replace(
            self,
            revision=self.revision + 1,
            done=("about", *(key for key in self.done if key == DESCRIPTION)),
            service=service,
            service_name=name,
            form_id=form_id,
            passed=(),
            answers={},
        )

    def gone_on(self, end: str) -> Journey:
        """The journey of somebody who read an end and goes on all the same."""
        passed = (*(key for key in self.passed if key != end), end)
        return replace(self, revision=self.revision + 1, passed=passed)

    def sent(self, *, reference: str, secret: str, owner: str) -> Journey:
        """Only what the confirmation needs: the words now live with the enquiry."""
        return Journey(
            id=self.id,
            revision=self.revision + 1,
            service_name=self.service_name,
            tell_by=self.tell_by,
            email=self.email,
            phone=self.phone,
            reference=reference,
            secret=secret,
            owner=owner,
        )


def begin() -> Journey:
    """A new journey with an id that nobody can guess."""
    return Journey(id=secrets.token_urlsafe(12))


def read(stored: dict[str, Any]) -> Journey:
    """A journey of what was kept of it; what an older release kept as well is left out."""
    names = {one.name for one in fields(Journey)}
    known = {key: value for key, value in stored.items() if key in names}
    listed = {name: tuple(known.get(name, ())) for name in ("done", "passed")}
    return Journey(**{**known, **listed})
