"""Rows beside a case that an act may change without a line in its ledger: for taking it back."""

from __future__ import annotations

from accounts.permissions import Permission, Viewer
from core.rows import Scope
from enquiries.models import CallDue, Contact, Holding, NoticeFollow, PublicNote, Watch
from enquiries.queries.access import desk_id


def watched(viewer: Viewer, reference: str) -> Scope:
    """Whether the viewer watches a case."""
    return (Watch.objects.filter(staff_id=viewer.id or 0, enquiry_id=desk_id(viewer, reference)),)


def neighbours(viewer: Viewer, reference: str) -> Scope:
    """What neighbours read of a case."""
    return (PublicNote.objects.filter(enquiry_id=desk_id(viewer, reference)),)


def held(viewer: Viewer, reference: str) -> Scope:
    """Whether a case waits for a look at spam."""
    return (Holding.objects.filter(enquiry_id=desk_id(viewer, reference)),)


def calls_due(viewer: Viewer, reference: str) -> Scope:
    """Whom somebody has to ring about a case."""
    return (CallDue.objects.filter(enquiry_id=desk_id(viewer, reference)),)


def follows(viewer: Viewer, reference: str) -> Scope:
    """The notice that a case follows."""
    return (NoticeFollow.objects.filter(enquiry_id=desk_id(viewer, reference)),)


def sittings(viewer: Viewer, but: str) -> Scope:
    """What the viewer has not wrapped up, without that one."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return ()
    mine = Contact.objects.filter(agent_id=viewer.id, ended_at=None)
    return (mine.exclude(public_id=but) if but else mine,)
