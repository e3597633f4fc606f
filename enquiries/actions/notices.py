"""Tells who follows a notice what becomes of it: each change of its end once, and the end once."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

import kb.queries_notices
from accounts.permissions import Viewer
from enquiries.actions import resolutions, telling
from enquiries.lifecycle import ENDED, NotNow, Status
from enquiries.models import Enquiry, NoticeFollow
from enquiries.queries.access import for_desk
from kb import tongues

_BATCH = 500


def follow(enquiry: Enquiry, *, notice_id: int, told_end: datetime | None) -> None:
    """Whoever made an enquiry of a notice hears when it ends. Following twice is once."""
    NoticeFollow.objects.get_or_create(
        enquiry=enquiry, defaults={"notice_id": notice_id, "told_end": told_end}
    )


@transaction.atomic
def follow_by_hand(*, reference: str, viewer: Viewer, notice: uuid.UUID, now: datetime) -> None:
    """Whoever asked hears how a notice that holds now goes on. Raises NoSuchCase, NotNow."""
    enquiry = for_desk(viewer, reference)
    found = kb.queries_notices.in_force(now).filter(public_id=notice).first()
    if found is None:
        raise NotNow("This notice has ended")
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended, so nobody waits for news of it")
    if NoticeFollow.objects.filter(enquiry=enquiry).exclude(notice=found).exists():
        raise NotNow("They hear of another notice already")
    follow(enquiry, notice_id=found.pk, told_end=found.expected_end_at)


@transaction.atomic
def unfollow(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """What was answered by a notice was not that after all: it goes to the queue, and its citizen
    hears nothing of the notice. Twice changes nothing. Raises NoSuchCase, NotNow."""
    enquiry = for_desk(viewer, reference)
    rows = NoticeFollow.objects.filter(enquiry=enquiry, done_at=None)
    if not rows.exists():
        return
    if enquiry.status != Status.RESOLVED.value:
        raise NotNow("It goes on already. Nothing was changed")
    rows.delete()
    resolutions.open_again(
        enquiry, words="It is not what the notice says", actor=viewer.actor, now=now
    )


def tell_due(*, now: datetime, limit: int = _BATCH) -> int:
    """Tells whoever has not heard yet how a notice stands; how many that were.

    Each in a transaction of its own: killed between two, the next run goes on. Running it beside
    itself tells nobody twice.
    """
    over = Q(notice__ended_at__isnull=False) | Q(
        notice__ends_itself=True, notice__expected_end_at__lte=now
    )
    moved = ~Q(told_end=F("notice__expected_end_at")) & Q(notice__expected_end_at__isnull=False)
    unknown = Q(told_end__isnull=False, notice__expected_end_at=None)
    fresh = Q(told_end=None, notice__expected_end_at__isnull=False)
    rows = NoticeFollow.objects.filter(over | moved | unknown | fresh, done_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_tell(pk, now=now) for pk in ids)


@transaction.atomic
def _tell(pk: int, *, now: datetime) -> bool:
    row = (
        NoticeFollow.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("notice__organisation", "enquiry__first_contact", "enquiry__service")
        .select_related("enquiry__owner")
        .filter(pk=pk, done_at=None)
        .first()
    )
    if row is None:
        return False
    notice, enquiry = row.notice, row.enquiry
    facts: dict[str, telling.Said] = {
        "title": lambda: str(tongues.said(notice.title)),
        "organisation": notice.organisation.name,
    }
    if kb.queries_notices.is_over(notice, now):
        words = notice.end_words
        key = f"notice:{notice.pk}:over:{enquiry.pk}"
        telling.citizen(
            enquiry,
            "notice_over",
            key=key,
            now=now,
            words=lambda: (
                str(tongues.said(words)) if words else _("Tell us if it is still not right.")
            ),
            **facts,
        )
        row.done_at = now
    elif row.told_end != notice.expected_end_at:
        end = notice.expected_end_at
        facts["until"] = lambda: _until(end)
        key = f"notice:{notice.pk}:{notice.version}:{enquiry.pk}"
        telling.citizen(enquiry, "notice_moved", key=key, now=now, **facts)
        row.told_end = end
    row.save(update_fields=["told_end", "done_at"])
    return True


def _until(end: datetime | None) -> str:
    if end is None:
        return _("We do not know yet when it will end.")
    return _("We now expect it to end on %(moment)s.") % {"moment": telling.moment_words(end)}
