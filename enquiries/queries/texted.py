"""What a telephone wrote to us about, and when: for what comes with a text."""

from __future__ import annotations

from datetime import datetime, timedelta

from enquiries.channels import Channel
from enquiries.models import ContactItem

# Who sends a photo says what it is about shortly before or afterwards.
BESIDE = timedelta(hours=24)


def about_beside(thread: str, *, at: datetime) -> str:
    """The reference of what a telephone (texting.thread_of) wrote about next to a moment: first of
    all right after it, else before it. "" for nothing within a day."""
    if not thread:
        return ""
    items = ContactItem.objects.filter(
        contact__channel=Channel.SMS.value, contact__thread=thread
    ).values_list("enquiry__reference", flat=True)
    after = items.filter(at__gte=at, at__lt=at + BESIDE).order_by("at", "pk").first()
    before = items.filter(at__lt=at, at__gte=at - BESIDE).order_by("-at", "-pk")
    return after or before.first() or ""
