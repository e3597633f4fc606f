"""The demonstration: complete after one command, unchanged after the second, silent towards all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

import kiosks.actions
from accounts.models import User
from accounts.queries import organisations, viewer_for_user
from enquiries import clocks, intake
from enquiries.models import ContactItem, Enquiry, EnquiryEvent, PublicNote, Referral
from enquiries.queries.queue_names import names
from hub.demo import signins, telling
from hub.demo.stories import Story, stories
from kb.queries_notices import Spot, current, one_current
from notifications.models import Notification
from notifications.queries import postbox
from teamwork import queries_macros, queries_rules, queries_skills, queries_tasks, queries_views
from tests import kiosk_device
from tests.outbox import run_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo")]
PASSWORD = "a password for a test"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def _told(
    _loaded: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    home = tmp_path_factory.mktemp("var")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("HUB_DEMO_PASSWORD", PASSWORD)
        with override_settings(HUB_DATA_DIR=home):
            said = run()
            with django_db_blocker.block():
                yield said, home


@pytest.fixture
def demo(_told: tuple[str, Path], db: None) -> str:
    return _told[0]


def test_everybody_can_sign_in(demo: str) -> None:
    addresses = ["agent@hub.demo", "agent2@hub.demo", "manager@hub.demo", "admin@hub.demo"]
    addresses += [f"officer@{body.slug}.demo" for body in organisations(acting=True)]
    assert len(addresses) == 14
    bodies = ("hub", "wychavon", "worcester-city", "worcestershire-county")
    addresses += [f"editor@{slug}.demo" for slug in bodies]
    for address in addresses:
        user = authenticate(username=address, password=PASSWORD)
        assert user is not None, address
        assert viewer_for_user(user) is not None


def test_there_is_something_honest_to_see(demo: str) -> None:
    statuses = Counter(Enquiry.objects.values_list("status", flat=True))
    assert sum(statuses.values()) >= 60
    assert set(statuses) >= {"open", "referred", "in_progress", "resolved", "closed"}
    kinds = Counter(ContactItem.objects.values_list("kind", flat=True))
    assert set(kinds) >= {"new", "chase", "repeat", "reply_to_us", "thanks"}
    events = set(EnquiryEvent.objects.values_list("type", flat=True))
    assert events >= {"enquiry.rejected", "enquiry.returned", "enquiry.reopened"}
    channels = set(Enquiry.objects.values_list("first_contact__channel", flat=True))
    assert channels == {"web", "phone", "counter", "kiosk", "sms", "email"}
    several = Counter(ContactItem.objects.filter(kind="new").values_list("contact", flat=True))
    assert max(several.values()) == 3
    assert Enquiry.objects.filter(resolved_at__gt=F("due_at")).exists()
    assert Referral.objects.filter(status="offered").exists()


def test_the_contact_centre_has_what_a_team_works_with(demo: str) -> None:
    """Who tries the product sees what a team has, and may write one more of each."""
    viewers = [
        viewer_for_user(User.objects.get(email=f"{one}@hub.demo"))
        for one in ("agent", "agent2", "leader")
    ]
    assert all(one is not None and len(one.team_ids) == 1 for one in viewers)
    _agent, second, leader = (one for one in viewers if one is not None)
    assert queries_macros.teams_of(leader)
    assert len(queries_macros.usable(second)) == 2
    assert [row.state for row in queries_rules.listed(leader)] == ["off"]
    assert [one.name for one in queries_views.views(second)] == ["Due within 4 hours"]
    assert queries_skills.fit(second, names()).languages == {"pl": "Polish"}
    assert list(queries_tasks.lists())


def test_what_is_over_is_told_to_nobody(demo: str) -> None:
    recent = timezone.now() - timedelta(days=2)
    known = {row.about for row in postbox(limit=100)}
    for reference in known:
        touched = EnquiryEvent.objects.filter(enquiry__reference=reference).latest("at")
        assert touched.at > recent


def test_what_is_told_before_the_hub_starts_is_late_by_nothing(demo: str) -> None:
    """Nobody could carry it sooner: the share within ten seconds begins with the start."""
    waiting = Notification.objects.filter(state="queued")
    assert waiting.exists()
    assert not waiting.filter(hold_until=None).exists()


def test_a_second_run_adds_nothing(demo: str) -> None:
    before = EnquiryEvent.objects.count()
    said = run()
    assert "0 enquiries of the last sixty working days" in said
    assert "0 notices of what is known already" in said
    assert "0 things that the contact centre works with" in said
    assert EnquiryEvent.objects.count() == before


@pytest.mark.usefixtures("demo")
def test_a_story_that_was_cut_short_is_told_whole_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    whole = next(one for one in stories(clocks.london_date(now)) if len(one.asks[0].then) > 2)
    told = _events(whole)
    again = replace(whole, key=f"{whole.key}-again")
    cast, last = signins.make(now=now), whole.asks[0].then[-1].verb

    def cut(_scene: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(telling.PLAYS, last, cut)
        with pytest.raises(KeyboardInterrupt):
            telling._tell(again, cast, now=now)
    assert _events(again) == []

    assert telling._tell(again, cast, now=now) == len(whole.asks)
    assert len(_events(again)) == len([one for one in told if one != "enquiry.closed"])


def _events(story: Story) -> list[str]:
    known = intake.known(story.channel, story.key)
    told = [one.enquiry_id for one in known.enquiries] if known else []
    rows = EnquiryEvent.objects.filter(enquiry__in=told).order_by("pk")
    return list(rows.values_list("type", flat=True))


def test_an_outage_and_planned_works_are_shown_where_they_hold_and_marked_as_sample(
    demo: str,
) -> None:
    assert "2 notices of what is known already" in demo
    for service, district, other, kind in (
        ("missed-bin", "E07000236", "E07000238", "outage"),
        ("street-light", "E07000235", "E07000237", "works"),
    ):
        found = current(service, Spot(codes=(district,)), now=timezone.now())
        assert len(found) == 1
        assert current(service, Spot(codes=(other,)), now=timezone.now()) == ()
        row = one_current(found[0].public_id, service=service, place=None, now=timezone.now())
        assert row is not None
        assert row.kind == kind
        assert "sample" in row.words
    assert PublicNote.objects.filter(hidden_at=None).count() == 1


def test_the_code_enrols_one_kiosk(demo: str) -> None:
    code = demo.split("with the code ")[1].strip()
    key = kiosk_device.Device().key
    assert kiosks.actions.enrol(code=code, key=key, now=timezone.now() + timedelta(days=30))


def test_a_crowd_grows_to_its_size_and_stays(demo: str) -> None:
    before = Enquiry.objects.count()
    assert "300 of 300 made-up enquiries" in run("--size", "300")
    assert Enquiry.objects.count() == before + 300
    assert "300 were there already" in run("--size", "300")
    assert Enquiry.objects.count() == before + 300
    assert Enquiry.objects.filter(received_at__gt=timezone.now()).count() == 0


def test_nobody_is_told_today_that_we_have_what_came_long_ago(demo: str) -> None:
    run_outbox()
    said = Notification.objects.filter(event__in=["received", "sms_received"])
    came = dict(Enquiry.objects.values_list("reference", "received_at"))
    late = [one.about for one in said if one.created_at - came[one.about] > timedelta(days=1)]
    assert late == []
