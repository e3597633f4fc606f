"""Readers of answers: what they press is a contact, and a form that follows is the same one.

"Yes" is a question answered at once. "No" ends with nothing to do for anybody at the desk: it has
no outcome, so it counts as not answered when its window has closed (R37), and its owner is who
wrote the answer. Who goes on to a form in the same sitting has that one need: it counts there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import accounts.queries
import kb.queries_articles
from core.audit import SYSTEM
from enquiries import events
from enquiries.channels import Channel, ItemKind
from enquiries.events import EventType
from enquiries.inbound import SUBMITTED, InboundContact, Need
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, Enquiry, EnquiryEvent

# A visit to the web or a kiosk ends when half an hour has passed without anything being sent.
VISIT = timedelta(minutes=30)
YES, NO = "article_yes", "article_no"
_VISITED = (Channel.WEB, Channel.KIOSK)


def running(inbound: InboundContact, *, ended_at: datetime) -> Contact | None:
    """The contact of this visit that something was sent in already, taken on; held."""
    if not inbound.session or inbound.channel not in _VISITED:
        return None
    contact = (
        Contact.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            channel=inbound.channel.value,
            session=inbound.session,
            ended_at__gt=inbound.received_at - VISIT,
        )
        .order_by("-ended_at", "-pk")
        .first()
    )
    if contact is None:
        return None
    contact.ended_at = max(contact.ended_at or ended_at, ended_at)
    added = inbound.signals or (SUBMITTED,)
    contact.signals = [*contact.signals, *(one for one in added if one not in contact.signals)]
    contact.save(update_fields=["ended_at", "signals"])
    return contact


def owner_of(need: Need) -> int | None:
    """Whose answer it is, so that its figure is theirs: the hub's where it is nobody's."""
    if not need.article:
        return None
    article = kb.queries_articles.live(need.article)
    if article is None or article.organisation_id is None:
        return accounts.queries.hub().pk
    return article.organisation_id


def taken_further(
    need: Need, enquiry: Enquiry, *, inbound: InboundContact, contact: Contact, at: datetime
) -> None:
    """A need that was told after "No" in one sitting is the one that the answer did not settle."""
    if need.article or need.kind != ItemKind.NEW.value or not inbound.session:
        return
    unanswered = Enquiry.objects.select_for_update(of=("self",), no_key=True).filter(
        first_contact=contact, outcome=Outcome.UNANSWERED.value
    )
    for earlier in unanswered.exclude(article="").exclude(pk=enquiry.pk):
        said = EnquiryEvent.objects.filter(enquiry=earlier, type=EventType.DUPLICATE_OF.value)
        if said.exists() or earlier.service_id not in (None, enquiry.service_id):
            continue
        events.record(
            earlier,
            EventType.DUPLICATE_OF,
            actor=SYSTEM,
            at=at,
            target=enquiry.pk,
            reference=enquiry.reference,
            same_person=True,
            why="The answer did not help, and they went on to ask",
        )
