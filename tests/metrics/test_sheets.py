"""What stands beside the one-stop rate, from rows: costs, clocks, surveys, what is done online."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

import accounts.queries
from accounts.models import User
from enquiries.channels import Channel
from enquiries.models import Clock, SurveyAnswer
from kb import queries_readers
from kb.models import Article, ArticleViews, FormState, FormVersion, ReaderWord, Service
from metrics import actions_costs, exports, online, projection, queries_sheets
from metrics.actions_costs import CostRefused
from metrics.figures import Share
from metrics.models import OnlineDay, UnitCost
from metrics.queries import Chosen
from metrics.times import Kept
from metrics.value import Electronic
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.metrics.test_projection import Clock as Wall
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World, ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_partner_enters_its_own_costs_and_what_nobody_entered_is_said(
    world: World, clock: Wall
) -> None:
    manager, officer = world.viewer(world.manager), world.viewer(world.officer)
    for since, pounds in ((date(2026, 1, 1), "4.50"), (date(2026, 1, 1), "5")):
        actions_costs.enter(
            organisation="hub", channel="web", pounds=Decimal(pounds), since=since,
            viewer=manager, now=clock.now,
        )  # fmt: skip
    ask()
    ask(channel=Channel.PHONE, postcode="WR1 3EZ", at=clock.on(minutes=5))
    projection.refresh(now=clock.on(days=1))

    cost = queries_sheets.whole(manager, Chosen(), now=clock.now).cost

    assert UnitCost.objects.get().pounds == 5
    assert (cost.total, cost.known, cost.unknown) == (Decimal(5), 1, 1)
    lines = [json.loads(line) for line in exports.stream()]
    assert [line["cost"] for line in lines if line["type"] == "unit_cost"] == [5.0]
    for wrong in ({"organisation": "worcester-city"}, {"channel": "pigeon"}, {"pounds": "-1"}):
        asked = {"organisation": "wychavon", "channel": "web", "pounds": "2"} | wrong
        with pytest.raises(CostRefused):
            actions_costs.enter(
                organisation=asked["organisation"], channel=asked["channel"],
                pounds=Decimal(asked["pounds"]), since=date(2026, 1, 1),
                viewer=officer if "organisation" in wrong else manager, now=clock.now,
            )  # fmt: skip


def test_clocks_stand_as_they_stood_and_a_partner_counts_what_is_its_own(
    world: World, clock: Wall, partner_manager: User
) -> None:
    ask()
    ask(postcode="WR1 3EZ", at=clock.on(minutes=5))
    work = Clock.objects.filter(kind="accept", organisation__slug="wychavon").get()
    assert work.due_at is not None
    projection.refresh(now=clock.on(minutes=5))
    manager = world.viewer(world.manager)

    before = queries_sheets.whole(manager, Chosen(), now=work.due_at)
    after = queries_sheets.whole(manager, Chosen(), now=work.due_at + timedelta(seconds=1))

    assert before.ola["wychavon"]["accept"] == Kept(running=1)
    # Nobody has looked yet, and still it is missed.
    assert after.ola["wychavon"]["accept"] == Kept(missed=1)
    parts = queries_sheets.by(manager, Chosen(), "organisation", now=work.due_at)
    assert parts["worcester-city"].ola["worcester-city"]["accept"] == Kept(running=1)
    assert "wychavon" not in parts["worcester-city"].ola
    for who, chosen in (
        (manager, Chosen(organisation="wychavon")), (world.viewer(partner_manager), Chosen()),
    ):  # fmt: skip
        own = queries_sheets.whole(who, chosen, now=work.due_at)
        assert (own.cpr.numerator, own.acr.share.denominator, list(own.offers)) == (
            1, 1, ["wychavon"],
        )  # fmt: skip
    nobody = queries_sheets.whole(world.viewer(world.officer), Chosen(), now=work.due_at)
    assert (nobody.cpr, nobody.offers, nobody.sla) == (Share(0, 0), {}, {})


def test_what_people_say_stands_beside_the_rate_by_the_day_of_their_answer(
    world: World, clock: Wall
) -> None:
    enquiry = enquiry_of(ask())
    projection.refresh(now=clock.now)
    for number, answer in enumerate(["yes", "yes", "partly", "no"]):
        at = NOW + timedelta(days=number)
        SurveyAnswer.objects.create(
            key=str(number), end_point="done", channel="email", answer=answer, at=at,
            changed_at=at, enquiry=enquiry,
        )  # fmt: skip
    manager = world.viewer(world.manager)

    now = clock.on(days=10)
    three = Chosen(until=NOW.date() + timedelta(days=3))
    assert queries_sheets.whole(manager, Chosen(), now=now).surveyed == Share(2, 4)
    assert queries_sheets.whole(manager, three, now=now).surveyed == Share(2, 3)
    early = queries_sheets.whole(manager, Chosen(), now=NOW + timedelta(hours=1))
    assert early.surveyed == Share(1, 1)
    by_class = queries_sheets.by(manager, Chosen(), "class", now=now)
    assert by_class["REQUEST"].surveyed == Share(2, 4)


def test_what_can_be_done_online_is_written_down_by_day_and_partner(world: World) -> None:
    bin_service = Service.objects.get(slug="missed-bin")
    Service.objects.filter(slug="missed-bin").update(lgil=[2, 8, 17])
    Service.objects.filter(slug="council-tax-bill").update(lgil=[8, 17], not_online=[17])
    online.keep(NOW)
    FormVersion.objects.create(
        service=bin_service, number=1, state=FormState.LIVE, data={}, written_at=NOW,
        written_by="Ada", published_at=NOW, published_by="Ada",
    )  # fmt: skip
    online.keep(NOW + timedelta(days=1))
    online.keep(NOW + timedelta(days=1, hours=2))

    first, second = NOW.date(), NOW.date() + timedelta(days=1)
    # Reading about bins can be done from the start, reporting since there is a form; paying never.
    assert online.snapshots("wychavon") == [
        Electronic("wychavon", first, 4, 1), Electronic("wychavon", second, 4, 2),
    ]  # fmt: skip
    assert OnlineDay.objects.count() == 2 * len({row.organisation for row in online.known(second)})
    assert {row.day for row in online.known(first)} == {first}
    assert online.known(first - timedelta(days=1)) == []


def test_readers_who_say_nothing_are_unknown(world: World) -> None:
    article = Article.objects.get()
    ArticleViews.objects.create(article=article, on=NOW.date(), channel="web", count=9)
    for number, answered in enumerate([True, True, False]):
        ReaderWord.objects.create(
            key=str(number), article=article, channel="web", answered=answered, at=NOW,
            said_by="An agent" if number == 2 else "",
        )  # fmt: skip

    [found] = queries_readers.read(NOW.date(), NOW.date() + timedelta(days=1))

    assert (found.opened, found.yes, found.no) == (9, 2, 0)
    assert queries_readers.read(NOW.date() + timedelta(days=1)) == []


def test_who_took_a_contact_is_whose_place_it_was_and_which_team_they_were_in_that_day(
    world: World,
) -> None:
    [days] = accounts.queries.teams_of([world.agent.pk])[world.agent.pk]

    assert days.team == "hub/front"
    assert days.covers(date(2026, 1, 1))
    assert not days.covers(date(2025, 12, 31))
    assert accounts.queries.teams_of([]) == {}
