"""Who watches a case."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.permissions import Viewer
from enquiries.models import Enquiry, Watch


def by(viewer: Viewer) -> Exists:
    """Whether the viewer watches an enquiry of the outer query."""
    return Exists(Watch.objects.filter(staff_id=viewer.id or 0, enquiry_id=OuterRef("pk")))


def watches(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer watches an enquiry."""
    return Watch.objects.filter(staff_id=viewer.id or 0, enquiry=enquiry).exists()
