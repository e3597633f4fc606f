"""The files of a mail: kept by the same door as all files. What is not taken is told, with why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from channels.email.mime import File
from core.errors import DomainError
from enquiries import pictures
from enquiries.actions.uploads import (
    MOST_FILES,
    FileNotKept,
    TooManyFiles,
    add,
    add_by_citizen,
)

# Names are shown; more of one says no more.
LONGEST_NAME, MOST_TOLD = 80, 20
_ANSWERS = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|odp|pd|rv|tr)\s?(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE
)


class NotNowKept(Exception):
    """A file could not be kept for a passing reason: the whole mail comes again."""


def plain_subject(subject: str) -> str:
    """A subject without "Re:" and its like."""
    return _ANSWERS.sub("", subject).strip()


def too_large(is_cut: bool) -> list[str]:
    """What is said of a mail that was not kept whole."""
    if not is_cut:
        return []
    words = _("The email is larger than %(size)s MB. We kept its beginning")
    return [words % {"size": settings.HUB_MAIL_LARGEST_MB}]


def with_form(key: str, files: Sequence[File], *, is_last: bool, now: datetime) -> list[str]:
    """Keeps files for the enquiry that intake makes under `key`; what was left out, with why."""
    return _kept(files, partial(add, journey=key, now=now), is_last=is_last)


def with_case(reference: str, files: Sequence[File], *, is_last: bool, now: datetime) -> list[str]:
    """Keeps files with a case; what was left out, with why. The same file twice is one."""
    return _kept(files, partial(add_by_citizen, reference=reference, now=now), is_last=is_last)


def not_taken(files: Sequence[File]) -> list[str]:
    """Those that are not taken, whatever else there is, with why."""
    return _kept(files, _look, is_last=True)


def _look(*, name: str, content: bytes) -> None:
    try:
        pictures.taken(content)
    except pictures.NotTaken as error:
        raise TooManyFiles(str(error)) from error


def _kept(files: Sequence[File], keep: Callable[..., object], *, is_last: bool) -> list[str]:
    left_out = []
    for number, file in enumerate(files):
        try:
            if number >= MOST_FILES:
                raise TooManyFiles(
                    _("There are more than %(number)s files") % {"number": MOST_FILES}
                )
            keep(name=file.name, content=file.content)
        except FileNotKept as error:
            # Others are being drawn, or the disk is full.
            if not is_last:
                raise NotNowKept(error.message) from error
            left_out.append(_line(file.name, _("We could not keep the file")))
        except DomainError as error:
            left_out.append(_line(file.name, error.message))
    return left_out[:MOST_TOLD]


def _line(name: str, why: str) -> str:
    shown = "".join(char for char in name if char.isprintable())[:LONGEST_NAME]
    return f"{shown}: {why}"
