"""Pictures and documents of answers. The file is written before its row: no row lacks its file."""

from __future__ import annotations

import uuid
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from kb import markdown
from kb.articles_access import NoSuchArticle, held
from kb.models import Article, ArticleFile, ArticleVersion

MOST_FILES = 20
MAX_NAME = 120


class FileNotTaken(DomainError):
    code = "file_not_taken"
    field = "file"


class Kept(Protocol):
    """A file whose content said what it is, drawn anew where it is a picture."""

    @property
    def content(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def suffix(self) -> str: ...


@transaction.atomic
def add(
    *, slug: str, viewer: Viewer, name: str, alt: str, kept: Kept, now: datetime
) -> ArticleFile:
    """Adds a file to an answer; the same one twice is one. A picture says what it shows.

    Raises NoSuchArticle, FileNotTaken.
    """
    article = held(viewer, slug)
    alt = " ".join(alt.replace("\x00", "").split())[:200]
    if kept.content_type.startswith("image/") and not alt:
        raise FileNotTaken(
            "Write what the picture shows, for people who cannot see it", field="alt"
        )
    digest = sha256(kept.content).hexdigest()
    same = ArticleFile.objects.filter(article=article, sha256=digest).first()
    if same is not None:
        return same
    if article.files.count() >= MOST_FILES:
        raise FileNotTaken(f"There are {MOST_FILES} files already. Remove one that is not used")
    row = ArticleFile(
        article=article,
        name=_shown_name(name, kept.suffix),
        alt=alt,
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=digest,
        added_at=now,
        added_by=viewer.name[:120],
    )
    row.file.save(f"file{kept.suffix}", ContentFile(kept.content), save=False)
    try:
        row.save(force_insert=True)
        _audit("article.file_added", article, row, viewer, now)
    except BaseException:
        default_storage.delete(str(row.file.name))
        raise
    return row


def _shown_name(name: str, suffix: str) -> str:
    last = PurePath(name.replace("\\", "/")).name
    printable = "".join(char for char in last if char.isprintable()).strip()
    stem = PurePath(printable).stem.strip(". ") or "file"
    return f"{stem[: MAX_NAME - len(suffix)]}{suffix}"


@transaction.atomic
def remove(*, slug: str, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """Takes a file away that no version shows. Raises NoSuchArticle, FileNotTaken."""
    article = held(viewer, slug)
    row = article.files.filter(public_id=public_id).first()
    if row is None:
        raise NoSuchArticle("There is no such file")
    if str(row.public_id) in shown_in(article):
        raise FileNotTaken("A version of this answer shows this file, so it stays")
    path = str(row.file.name)
    row.delete()
    _audit("article.file_removed", article, row, viewer, now)
    transaction.on_commit(lambda: default_storage.delete(path))


def shown_in(article: Article) -> set[str]:
    """The ids of the files that any version of an answer shows."""
    texts = [article.body, *(str(one.get("words", "")) for one in article.areas)]
    for kept in ArticleVersion.objects.filter(article=article).values_list("content", flat=True):
        texts += [str(kept.get("body", "")), str(kept.get("say", ""))]
        texts += [str(one.get("words", "")) for one in kept.get("areas", [])]
    return {found for text in texts for found in markdown.files_in(text)}


def _audit(what: str, article: Article, row: ArticleFile, viewer: Viewer, now: datetime) -> None:
    audit.record(
        what,
        actor=viewer.actor,
        target=f"article:{article.slug}",
        at=now,
        data={"file": str(row.public_id), "name": row.name},
    )
