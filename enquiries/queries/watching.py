"""Who watches a case."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.permissions import Viewer
from core.statements import Given
from enquiries.models import Enquiry, Watch


def by(viewer: Viewer) -> Exists:
    """Whether the viewer watches an enquiry of the outer query."""
    return by_staff(viewer.id or 0)


def by_staff(staff: int | Given) -> Exists:
    """The same for a member of staff, who may be given later."""
    return Exists(Watch.objects.filter(staff_id=staff, enquiry_id=OuterRef("pk")))


def watches(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer watches an enquiry."""
    return Watch.objects.filter(staff_id=viewer.id or 0, enquiry=enquiry).exists()
