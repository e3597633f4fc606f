"""Files of an enquiry, for who may see them: saved, never shown but as a small picture."""

from __future__ import annotations

import uuid

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core import audit
from core.downloads import drawn, saved
from desk.answers import found
from enquiries.queries import attachments


@requires(Permission.SEE_QUEUE, Permission.ANSWER_REFERRALS)
def file(request: HttpRequest, public_id: uuid.UUID) -> FileResponse:
    """One file, to be saved. That it was fetched is written down."""
    who = viewer(request)
    with found():
        attachment = attachments.one(who, public_id)
    audit.record(
        "file.fetched", actor=who.actor, target=f"attachment:{public_id}", at=timezone.now()
    )
    content = attachment.file.open("rb")
    return saved(content, name=attachment.name, content_type=attachment.content_type)


@requires(Permission.SEE_QUEUE, Permission.ANSWER_REFERRALS)
def small(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The small picture of a file, for the pages that list it."""
    with found():
        return drawn(attachments.small(viewer(request), public_id))
