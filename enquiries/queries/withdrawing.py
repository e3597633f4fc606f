"""Whether a citizen may call an enquiry off by themselves."""

from __future__ import annotations

from enquiries.lifecycle import LIVE, Priority
from enquiries.models import Enquiry
from enquiries.queries.sensitive import is_sensitive


def may(enquiry: Enquiry) -> bool:
    """Not what has ended; nor a report of danger or of somebody at risk.

    Whoever else holds the link of such a report could silence it: there a person decides.
    """
    if enquiry.status not in LIVE:
        return False
    return enquiry.priority != Priority.EMERGENCY.value and not is_sensitive(enquiry)
