"""What tests do to referrals, in few words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import accounts.actions
from accounts.models import Organisation, Team, User
from accounts.permissions import Role, Viewer
from core.audit import SYSTEM
from enquiries.actions import referrals
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.models import Enquiry, EnquiryEvent, Referral
from notifications.models import Notification
from tests.world import NOW, PASSWORD, World, ask, enquiry_of

LATER = NOW + timedelta(hours=1)


def new_case(**more: Any) -> Enquiry:
    return enquiry_of(ask(**more))


def now_of(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)


def owner_of(enquiry: Enquiry) -> str:
    """Who must act on it now, by slug."""
    owner = now_of(enquiry).owner
    assert owner is not None
    return owner.slug


def with_(enquiry: Enquiry, slug: str) -> Referral:
    """The newest referral of an enquiry to an organisation."""
    rows = Referral.objects.filter(enquiry=enquiry, organisation__slug=slug)
    return rows.order_by("-pk")[0]


def send(enquiry: Enquiry, slug: str, agent: Viewer, at: datetime = LATER, **more: Any) -> Any:
    return referrals.offer(
        reference=enquiry.reference, viewer=agent, organisation=slug, reason="Yours", now=at, **more
    )


def accept(enquiry: Enquiry, viewer: Viewer, at: datetime = LATER) -> None:
    found = with_(enquiry, viewer.organisation_slug)
    referrals.accept(public_id=found.public_id, viewer=viewer, now=at)


def reject(
    enquiry: Enquiry,
    viewer: Viewer,
    suggested: str = "",
    *,
    words: str = "Not our lane",
    reason: RejectReason = RejectReason.OTHER_BODY,
    at: datetime = LATER,
) -> None:
    referrals.reject(
        public_id=with_(enquiry, viewer.organisation_slug).public_id,
        viewer=viewer,
        reason=reason,
        words=words,
        suggested=suggested,
        now=at,
    )


def give_back(enquiry: Enquiry, viewer: Viewer, question: str = "Which lane?") -> None:
    found = with_(enquiry, viewer.organisation_slug)
    referrals.give_back(public_id=found.public_id, viewer=viewer, question=question, now=LATER)


def complete(
    enquiry: Enquiry,
    viewer: Viewer,
    words: str = "Done",
    outcome: Outcome = Outcome.COMPLETED,
    **more: Any,
) -> None:
    found = with_(enquiry, viewer.organisation_slug)
    referrals.complete(
        public_id=found.public_id, viewer=viewer, outcome=outcome, words=words, now=LATER, **more
    )


def types(enquiry: Enquiry) -> list[str]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry).order_by("sequence")
    return [row.type.removeprefix("enquiry.") for row in rows]


def lines(enquiry: Enquiry, kind: str) -> list[EnquiryEvent]:
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, type=f"enquiry.{kind}")
    return list(rows.order_by("sequence"))


def told(event: str) -> list[Notification]:
    return list(Notification.objects.filter(event=event).order_by("pk"))


def person_of(
    world: World, slug: str, name: str, *, role: Role = Role.OFFICER, team: Team | None = None
) -> User:
    """One more colleague, in a team of the organisation or its default one."""
    body = world.organisations[slug]
    user = accounts.actions.create_user(
        email=f"{name.split()[0].lower()}@{slug}.demo",
        password=PASSWORD,
        full_name=name,
        actor=SYSTEM,
        now=NOW,
    )
    accounts.actions.grant(
        user=user,
        organisation=body,
        role=role,
        team=team or Team.objects.get(organisation=body, is_default=True),
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    return user


def police(world: World) -> tuple[Organisation, User]:
    """A body of another kind, with one officer."""
    body = Organisation.objects.create(
        slug="west-mercia-police",
        name="West Mercia Police",
        short_name="Police",
        kind="police",
        email="team@west-mercia-police.demo",
    )
    Team.objects.create(
        organisation=body, slug="front", name="Front desk", email=body.email, is_default=True
    )
    world.organisations[body.slug] = body
    return body, person_of(world, body.slug, "Polly Police")
