"""What is known of somebody, as rows: for whoever takes back what was just written down of them."""

from __future__ import annotations

import uuid

from django.db.models import Q

from accounts.permissions import Permission, Viewer
from core.rows import Scope
from customers.models import (
    Adjustment,
    Alert,
    Apart,
    ContactPoint,
    GivenName,
    Move,
    MoveNotice,
    Person,
    PostalAddress,
    Proxy,
)


def rows(viewer: Viewer, public_id: str) -> Scope:
    """Somebody with all that staff write down of them, but for what they said of texts and news:
    that is their word, and is kept as it was given. Nothing for who may see nobody."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return ()
    people = Person.objects.filter(public_id=uuid.UUID(public_id))
    pk = people.values_list("pk", flat=True).first() or 0
    return (
        people,
        *(
            kind.objects.filter(person_id=pk)
            for kind in (ContactPoint, GivenName, PostalAddress, Adjustment, Alert)
        ),
        Proxy.objects.filter(Q(person_id=pk) | Q(acts_id=pk)),
        Apart.objects.filter(Q(one_id=pk) | Q(other_id=pk)),
        Move.objects.filter(person_id=pk),
        MoveNotice.objects.filter(move__person_id=pk),
    )
