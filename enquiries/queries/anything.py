"""Whether there is anything in this hub."""

from __future__ import annotations

from enquiries.models import Enquiry


def has_enquiries() -> bool:
    """Whether anybody, made up or not, ever came with anything."""
    return Enquiry.objects.exists()
