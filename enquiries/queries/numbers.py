"""How many there are, for those who watch the machine."""

from django.db.models import Count

from enquiries.lifecycle import Status
from enquiries.models import Enquiry


def count_by_status() -> dict[str, int]:
    """The number of enquiries in each status, also where it is none."""
    counted = Enquiry.objects.order_by().values_list("status").annotate(number=Count("pk"))
    return {status.value: 0 for status in Status} | dict(counted)
