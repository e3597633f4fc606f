"""The shapes of what comes in. Frozen values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.permissions import Viewer
from core.audit import CITIZEN, Actor
from enquiries.channels import Channel, ItemKind
from enquiries.lifecycle import Priority

# What is spoken where nobody chose another: a code as settings write it.
LANGUAGE = "en-gb"
# Signals of a contact: something was sent in; and, for us alone and not for the ledger, that its
# address has had enough of "we have it" for a day.
SUBMITTED, UNCONFIRMED = "submitted", "unconfirmed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a postcode, words, a UPRN, a point in WGS84; any of them."""

    postcode: str = ""
    address: str = ""
    uprn: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who, as they said it. All may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a contact is about.

    `kind` is an ItemKind; anything but `new` concerns the enquiry `about` (a reference).
    `answer` are public words that settle a new need inside the contact, with `outcome`.
    `send_to` is an organisation's slug, chosen by an agent over the routing rules. `answers` are
    values by the keys of the service's questions, as kb.forms.answers keeps them; `form_id` is the
    version of the form that asked, where it is not the live one; `priority` is a Priority.
    `article` is the answer that somebody says of whether it helped: a question, whatever the
    service (measures.md). `act` is what the citizen does with the enquiry `about` while saying so:
    `withdraw` or `restore`. `inside` says that who they were sent to with the outcome `signposted`
    belongs to the partnership (R35). `left_at` is the last question of a form that nobody sent.
    """

    description: str
    service: str | None = None
    place: Place | None = None
    kind: str = ItemKind.NEW.value
    about: str | None = None
    avoidable: str = ""
    evidence: tuple[str, ...] = ()
    answer: str | None = None
    outcome: str = "answered"
    send_to: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    priority: str = Priority.NORMAL.value
    form_id: int | None = None
    article: str = ""
    act: str = ""
    left_at: str = ""
    inside: bool = False
    # All that was said in the conversation, where that is more than what it is about.
    said: str = ""
    # Why a person reads it before it goes on, in our words for staff: nothing is set before then.
    read_first: str = ""
    # Whether they have said that it is about none of their open enquiries.
    is_apart: bool = False
    # What the desk answered to "is it about this?": yes, no, or nothing.
    desk_answer: str = ""


@dataclass(frozen=True, slots=True)
class InboundContact:
    """What came in through a door. `external_id` is unique within the channel (D1).

    `contact_id` is a contact that is still open (the desk); `thread` ties a conversation
    (SMS), `session` one visit to the web or a kiosk; `signals` are what was done on a page, in the
    ledger's words; `tell_by` is `sms`, `email` or "" as the citizen chose. `agent` is who of
    the staff took it, or helped with it at a kiosk (R56). `files_of` is the form
    whose files come with it; `suspicion` says why it may be spam, so that a person looks first.
    `reference` is what its first enquiry is to be called, where a device has given it that already;
    `came_at` is when what was kept elsewhere reached us; `helped_unknown` says that staff helped
    with it by a code that was not good.
    """

    channel: Channel
    external_id: str
    received_at: datetime
    needs: tuple[Need, ...]
    sender: Sender = Sender()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    contact_id: int | None = None
    person_id: int | None = None
    site: str | None = None
    agent: Viewer | None = None
    thread: str = ""
    session: str = ""
    signals: tuple[str, ...] = ()
    tell_by: str = ""
    # What they asked in: they are answered in it.
    language: str = LANGUAGE
    actor: Actor = CITIZEN
    files_of: str = ""
    # The id of the form that was begun and is finished with this, and how far it was read.
    begun: str = ""
    begun_revision: int | None = None
    suspicion: tuple[str, ...] = ()
    reference: str = ""
    came_at: datetime | None = None
    helped_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """One enquiry as it stands after intake."""

    reference: str
    secret: str
    enquiry_id: int


@dataclass(frozen=True, slots=True)
class Received:
    """What intake made of it; the same again for a replay."""

    contact_id: int
    enquiries: tuple[Taken, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class Located:
    """A place with its areas, ready to be stored. Metres in OSGB36, degrees in WGS84."""

    postcode: str = ""
    address: str = ""
    uprn: str = ""
    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    district_code: str = ""
    ward_code: str = ""
    # The district across a border that is too near to tell, and what is in doubt, in words.
    beside_code: str = ""
    place_doubt: str = ""

    def columns(self) -> dict[str, Any]:
        """The place as the columns of an enquiry."""
        return {name: getattr(self, name) for name in self.__slots__}
