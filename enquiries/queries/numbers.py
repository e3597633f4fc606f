"""How many there are, for those who watch the machine."""

from datetime import datetime

from django.db.models import Count, Min

from enquiries.lifecycle import Scan, Status
from enquiries.models import Attachment, Enquiry, Holding, Upload


def count_by_status() -> dict[str, int]:
    """The number of enquiries in each status, also where it is none."""
    counted = Enquiry.objects.order_by().values_list("status").annotate(number=Count("pk"))
    return {status.value: 0 for status in Status} | dict(counted)


def files_waiting(now: datetime) -> tuple[int, float]:
    """How many files wait for the virus scanner, and for how many seconds the oldest one has."""
    number, oldest = 0, now
    for model in (Upload, Attachment):
        rows = model.objects.filter(scan=Scan.WAITING.value).order_by()
        found = rows.aggregate(number=Count("pk"), oldest=Min("added_at"))
        number += found["number"]
        oldest = min(oldest, found["oldest"] or now)
    return number, max(0.0, (now - oldest).total_seconds())


def held(now: datetime) -> tuple[int, int]:
    """How many enquiries are held as possible spam, and how many for longer than they should."""
    rows = Holding.objects.filter(settled_at=None, enquiry__status=Status.NEW.value)
    return rows.count(), rows.filter(presses_at__lte=now).count()
