"""What is known of a referral's enquiry: the answers to its questions, and the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from accounts.permissions import Viewer
from enquiries.queries import answers, attachments
from enquiries.queries.referrals import ReferralCase

if TYPE_CHECKING:
    from enquiries.models import Attachment

_SENT = {"all": "From the citizen"}
SEEN_BY = {
    "us": "Only us",
    "hub": "Us and the hub",
    "shared": "Shared by the hub",
    "public": "The citizen too",
    **_SENT,
}
# The same for the hub, which reads no other organisation's own.
HUB_SEEN_BY = {
    "us": "Only the hub",
    "hub": "Shared with the hub",
    "shared": "Partners too",
    "public": "The citizen too",
    **_SENT,
}
TONES = {"us": "quiet", "hub": "moving", "shared": "moving", "public": "soon", "all": "quiet"}


def rows(case: ReferralCase) -> list[dict[str, object]]:
    """The answers as pairs of question and answer, in the order in which they were put."""
    return [
        {"key": said.question, "value": said.answer, "said": True}
        for said in answers.in_words(case.referral.enquiry)
    ]


def files(who: Viewer, case: ReferralCase) -> list[dict[str, object]]:
    """The files of a referral, with who sees each."""
    return _shown(attachments.for_referral(who, case.referral.public_id), SEEN_BY)


def files_of_case(who: Viewer, reference: str) -> list[dict[str, object]]:
    """The files of a case that its organisations share with the hub."""
    return _shown(attachments.for_case(who, reference), HUB_SEEN_BY)


def _shown(found: Iterable[Attachment], readers: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "href": f"/desk/files/{one.public_id}/",
            "is_picture": one.content_type.startswith("image/"),
            "is_waiting": one.is_waiting,
            "is_unscanned": one.is_unscanned,
            "name": one.name,
            "size": one.size,
            "seen_by_words": readers[one.seen_by],
            "tone": TONES[one.seen_by],
            "added_at": one.added_at,
            "added_by": one.added_by,
        }
        for one in found
    ]
