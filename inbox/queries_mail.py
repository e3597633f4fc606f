"""What is known of e-mails that came in."""

from __future__ import annotations

from inbox.models import InboundMail


def raw(pk: int) -> bytes | None:
    """A mail as it came; None when it is no longer kept."""
    found = InboundMail.objects.values_list("raw", flat=True).get(pk=pk)
    return bytes(found) if found is not None else None
