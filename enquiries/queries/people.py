"""Finds people by what an agent types, also by the reference of something that they asked."""

from __future__ import annotations

import customers.queries
import customers.queries_find
from accounts.permissions import Permission, Viewer
from core import references
from customers import seeking
from customers.queries import PersonRow
from enquiries.models import Enquiry
from enquiries.queries import of_kiosks, sensitive


def can_find(text: str) -> bool:
    """Whether what was typed is enough to look for somebody."""
    return bool(_reference(text)) or seeking.read(text).is_something


def search(viewer: Viewer, text: str, limit: int = 10) -> list[PersonRow]:
    """People by name, postcode, e-mail, telephone, UPRN or reference, the best first.

    Empty for who may not see people. A sensitive case leads to nobody whom the viewer does not
    find by it.
    """
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    reference = _reference(text)
    if not reference:
        return customers.queries_find.search(viewer, text, limit=limit)
    rows = sensitive.findable(viewer, Enquiry.objects.filter(reference=reference))
    person_id = rows.values_list("person_id", flat=True).first()
    return [customers.queries.by_id(person_id)] if person_id is not None else []


def _reference(text: str) -> str:
    try:
        return of_kiosks.leads_to(references.parse(text))
    except references.BadReference:
        return ""
