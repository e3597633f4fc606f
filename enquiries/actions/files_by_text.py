"""Pictures that came with a text: kept with its enquiry, or noted there when they could not be."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import notifications.actions
import notifications.queries
from core.audit import SYSTEM
from customers.queries_telling import texts_stopped
from enquiries import events
from enquiries.actions import uploads
from enquiries.actions.files import FileNotKept, FileNotTaken, TooManyFiles
from enquiries.events import EventType
from enquiries.inbound import LANGUAGE
from enquiries.lifecycle import NotNow
from enquiries.models import Enquiry
from enquiries.queries.tracking import track_url

__all__ = ["FileNotKept", "FileNotTaken", "NotNow", "TooManyFiles", "add", "not_opened"]

EVENT = "sms_no_photo"


def add(*, reference: str, content: bytes, now: datetime) -> None:
    """Keeps what came by text with an enquiry of who sent it; the same file twice is one.

    Raises FileNotTaken, TooManyFiles, FileNotKept, and NotNow when the enquiry has ended.
    """
    uploads.add_by_citizen(reference=reference, name="photo by text", content=content, now=now)


@transaction.atomic
def not_opened(
    *, sid: str, reference: str, why: str, to: str, now: datetime, language: str = LANGUAGE
) -> None:
    """Notes on the case that a file is missing, and tells its sender once for each text what to do.

    Without a case (`reference` is "") they are told alone; without a number to write to (`to`) it
    is noted alone.
    """
    enquiry = Enquiry.objects.filter(reference=reference).first() if reference else None
    key = f"{EVENT}:{sid}"
    if enquiry is not None and not notifications.queries.asked_for([key]):
        words = f"A file that came by text was not kept. {why}."
        events.record(events.locked(enquiry.pk), EventType.NOTED, actor=SYSTEM, at=now, words=words)
    if to and not texts_stopped(to):
        notifications.actions.send(
            key=key,
            event=EVENT,
            medium="sms",
            to=to,
            context={
                "reference": enquiry.reference if enquiry else "",
                "track_url": track_url(enquiry) if enquiry else "",
            },
            about=enquiry.reference if enquiry else "",
            language=enquiry.language if enquiry else language,
            now=now,
        )
