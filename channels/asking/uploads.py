"""Photos and files of a form: sent from a question's own page, shown there, and taken out again.

Nothing here stops a form: a file that is not taken says why, and the form goes on without it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import UploadedFile
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from channels.asking import limits
from core.errors import DomainError
from enquiries.actions import uploads
from enquiries.queries import uploads as kept

if TYPE_CHECKING:
    from enquiries.models import Upload

# Names in the form: the files, and the buttons beside them.
FILES, ADD, REMOVE = "files", "add_files", "remove_file"
# No HEIC: iPhones then make a JPEG of a photo by themselves.
ACCEPTED = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
_SPOTS = "photo_spots"
_MOST_SPOTS = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a form, as its page shows it."""

    public_id: uuid.UUID
    name: str
    size: int
    picture: str
    is_infected: bool
    is_waiting: bool


@dataclass(slots=True)
class Files:
    """The files of one question; `errors` say what was not taken, in the form of error_summary.

    `stays` says that a button beside the files was pressed, so that the page is shown again.
    """

    rows: list[Shown] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    stays: bool = False
    removed: str = ""
    accepted: str = ACCEPTED

    @property
    def has_room(self) -> bool:
        """Whether one more may be added."""
        return len(self.rows) < uploads.MOST_FILES

    @property
    def names(self) -> str:
        """What is there, in one line for the check of answers."""
        return ", ".join(row.name for row in self.rows if not row.is_infected)


def shown(journey_id: str, *, question: str = "", address: str = "") -> Files:
    """The files of a question. `address` is that of its form's pictures, with a last slash."""
    found = [row for row in kept.of_journey(journey_id) if row.question == question]
    return Files(rows=[_row(row, address) for row in found])


def _row(row: Upload, address: str) -> Shown:
    return Shown(
        public_id=row.public_id,
        name=row.name,
        size=row.size,
        picture=f"{address}{row.public_id}/" if address and row.is_picture else "",
        is_infected=row.is_infected,
        is_waiting=row.scan == "waiting",
    )


def received(
    request: HttpRequest, journey_id: str, *, question: str = "", address: str = ""
) -> Files:
    """Takes in what a page sent with its answer, or takes out what it asks to, and shows the rest.

    For GET as for POST. What goes wrong stands in `errors`, never in an exception.
    """
    if request.method != "POST":
        return shown(journey_id, question=question, address=address)
    errors, removed = [], ""
    sent = request.FILES.getlist(FILES)
    try:
        if REMOVE in request.POST:
            removed = _removed(request.POST[REMOVE], journey_id)
        for file in sent[: uploads.MOST_FILES]:
            errors += _taken_in(request, file, journey_id, question)
    except DatabaseError:
        # The page's own answer will say so if the database is away; this file is not the reason.
        log.exception("upload.failed")
        errors.append(_("We could not keep the file just now. Go on without it"))
    if len(sent) > uploads.MOST_FILES:
        words = _("We took the first %(number)s files. Send no more than that")
        errors.append(words % {"number": uploads.MOST_FILES})
    if ADD in request.POST and not sent:
        errors.append(_("Choose a file first"))
    files = shown(journey_id, question=question, address=address)
    files.errors = [{"text": words, "href": f"#id_{FILES}"} for words in errors]
    files.stays = ADD in request.POST or REMOVE in request.POST
    files.removed = removed
    return files


def _removed(public_id: str, journey_id: str) -> str:
    try:
        return uploads.remove(journey=journey_id, public_id=uuid.UUID(public_id))
    except ValueError:
        return ""


def _taken_in(
    request: HttpRequest, file: UploadedFile[Any], journey_id: str, question: str
) -> list[str]:
    name = str(file.name or "").replace("\x00", "")
    try:
        limits.check(request, "upload")
        content = whole(file)
        added = uploads.add(
            journey=journey_id, name=name, content=content, now=timezone.now(), question=question
        )
    except limits.TooMany:
        return [_("There were many files in a short time. Wait some minutes, or go on without")]
    except DomainError as error:
        return [f"{_printable(name)}: {error.message}" if name else error.message]
    if added.spot is not None:
        _suggest(request.session, journey_id, added.spot)
    return []


def _printable(name: str) -> str:
    """A name as it may be shown in a message: no folders, nothing that cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:60]


def whole(file: UploadedFile[Any]) -> bytes:
    """The bytes of a file that a browser sent. Raises FileNotTaken, FileNotKept, TooManyFiles.

    What is too large was not received to its end, and is not read.
    """
    if (file.size or 0) > uploads.MAX_BYTES:
        raise uploads.FileNotTaken(uploads.too_large())
    if getattr(file, "is_cut", False):
        raise uploads.TooManyFiles(
            _("These files are larger than 25 MB together. Send fewer at once")
        )
    try:
        if getattr(file, "is_lost", False):
            raise OSError("not received")
        return bytes(file.read())
    except OSError as error:
        raise uploads.FileNotKept(
            _("We could not keep the file just now. Go on without it, or try again later")
        ) from error


def picture(journey_id: str, public_id: uuid.UUID) -> bytes | None:
    """A small picture of a file of a form, for who has settled that it is the visitor's own."""
    return kept.picture(journey_id, public_id)


def _suggest(session: SessionBase, journey_id: str, spot: uploads.Spot) -> None:
    spots = {key: value for key, value in session.get(_SPOTS, {}).items() if key != journey_id}
    spots[journey_id] = [spot.latitude, spot.longitude]
    session[_SPOTS] = dict(list(spots.items())[-_MOST_SPOTS:])


def suggested(session: SessionBase, journey_id: str) -> uploads.Spot | None:
    """Where the last photo of a form says that it was taken; the file knows it no more."""
    spot: Sequence[float] | None = session.get(_SPOTS, {}).get(journey_id)
    return uploads.Spot(spot[0], spot[1]) if spot else None


def forget_suggestion(session: SessionBase, journey_id: str) -> None:
    """The person took it, or does not want it: the place of a photo is not kept any longer."""
    if journey_id in session.get(_SPOTS, {}):
        session[_SPOTS] = {k: v for k, v in session[_SPOTS].items() if k != journey_id}
