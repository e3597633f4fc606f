"""Editors of two bodies, and an answer on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import accounts.actions
import kb.queries_editing as editing
from accounts.models import Team, User
from accounts.permissions import Role, Viewer
from core.audit import SYSTEM
from kb import actions_articles
from kb.article_content import Content
from kb.models import Article
from tests.world import NOW, PASSWORD, World

WORDS = Content(
    title="Can I have a bigger bin?",
    summary="When a household may have a second or a larger bin.",
    body="A household of **five or more** may ask.\n\n- Say how many you are.\n- We look.",
    say="Ask how many people live there before anything else.",
    short="A household of five or more may ask for a bigger bin.",
    service="missed-bin",
)


def editor(world: World, slug: str, name: str = "Edie Editor", *, role: Role = Role.EDITOR) -> User:
    """Somebody who writes for an organisation."""
    body = world.organisations[slug]
    user = accounts.actions.create_user(
        email=f"{name.split()[0].lower()}@{slug}.demo",
        password=PASSWORD,
        full_name=name,
        actor=SYSTEM,
        now=NOW,
        demo=True,
    )
    accounts.actions.grant(
        user=user,
        organisation=body,
        role=role,
        team=Team.objects.get(organisation=body, is_default=True),
        from_on=date(2026, 1, 1),
        actor=SYSTEM,
        now=NOW,
    )
    return user


def written(viewer: Viewer, **changes: object) -> str:
    """A new answer with its draft; its slug."""
    content = replace(WORDS, **changes)  # type: ignore[arg-type]  # whatever a test says
    return actions_articles.create(
        viewer=viewer, organisation=viewer.organisation_slug, content=content, now=NOW
    )


def edition(slug: str) -> int:
    """The edition of the draft as it is now; 0 without one."""
    draft = editing.draft_of(Article.objects.get(slug=slug))
    return draft.edition if draft else 0


def published(viewer: Viewer, **changes: object) -> Article:
    """An answer that readers have."""
    slug = written(viewer, **changes)
    actions_articles.publish(slug=slug, viewer=viewer, edition=edition(slug), now=NOW)
    return Article.objects.get(slug=slug)
