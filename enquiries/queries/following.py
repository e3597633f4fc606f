"""Who follows notices: how many, for those who write them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from enquiries.models import NoticeFollow


def counts(notice_ids: Sequence[int]) -> dict[int, int]:
    """People who are still to hear that a notice is over, by notice."""
    rows = NoticeFollow.objects.filter(notice_id__in=notice_ids, done_at=None).order_by()
    return dict(rows.values_list("notice_id").annotate(number=Count("pk")))
