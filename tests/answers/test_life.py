"""An answer is drafted, read by another, published, checked and retired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

import kb.queries_articles as reading
import kb.queries_editing as editing
from accounts.permissions import Permission, Role
from core.models import AuditEvent
from kb import actions_articles, actions_articles_ends, article_content, compare
from kb.actions_articles import Changed, NotNow, WordsMissing
from kb.articles_access import NoSuchArticle, NotYours
from kb.models import Article, ArticleVersion
from tests.answers.steps import WORDS, editor, published, written
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def test_a_draft_is_read_by_nobody_until_it_is_published(world: World, client: Client) -> None:
    who = world.viewer(editor(world, "wychavon"))
    slug = written(who)
    assert slug == "can-i-have-a-bigger-bin"
    assert client.get(f"/answers/{slug}/").status_code == 404
    assert reading.about("missed-bin")[0].slug != slug
    actions_articles.publish(slug=slug, viewer=who, edition=1, now=NOW)
    page = client.get(f"/answers/{slug}/").content.decode()
    assert "<strong>five or more</strong>" in page
    assert "Wychavon District Council" in page
    assert "Checked on" in page
    assert "Ask how many people" not in page  # that is for the desk


def test_a_published_version_stays_while_the_next_one_is_written(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    article = published(who)
    changed = replace(WORDS, body="Nobody may.")
    actions_articles.save(slug=article.slug, viewer=who, content=changed, edition=0, now=NOW)
    assert "five or more" in Article.objects.get(pk=article.pk).body
    actions_articles.publish(slug=article.slug, viewer=who, edition=1, now=NOW)
    assert Article.objects.get(pk=article.pk).body == "Nobody may."
    assert [row.number for row in editing.versions(article)] == [2, 1]


def test_two_versions_are_compared_in_words_and_one_is_restored_as_a_draft(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    article = published(who)
    changed = replace(WORDS, body=WORDS.body.replace("five", "six"))
    actions_articles.save(slug=article.slug, viewer=who, content=changed, edition=0, now=NOW)
    actions_articles.publish(slug=article.slug, viewer=who, edition=1, now=NOW)
    newer, older = editing.versions(article)
    found = compare.changes(editing.content_of(older), editing.content_of(newer), {})
    assert [one.name for one in found] == ["Answer"]
    assert [p.words for p in found[0].before if p.state == "gone"] == ["**five"]
    assert [p.words for p in found[0].after if p.state == "new"] == ["**six"]
    actions_articles.restore(slug=article.slug, viewer=who, number=1, now=NOW)
    draft = editing.draft_of(article)
    assert draft is not None
    assert "five" in editing.content_of(draft).body
    with pytest.raises(NotNow):
        actions_articles.restore(slug=article.slug, viewer=who, number=1, now=NOW)


def test_who_saves_second_over_one_draft_is_shown_it_and_loses_nothing(
    world: World, client_for: Callable[..., Client]
) -> None:
    one, two = editor(world, "wychavon"), editor(world, "wychavon", "Zed Second")
    slug = written(world.viewer(one))
    first, second = client_for(one), client_for(two)
    address = f"/desk/answers/{slug}/"
    form = {"edition": "1", "title": WORDS.title, "summary": WORDS.summary, "service": "missed-bin"}
    sent = first.post(
        address, {**form, "key": "11111111-1111-4111-8111-111111111111", "body": "Mine first."}
    )
    assert sent.status_code == 303
    again = second.post(
        address, {**form, "key": "22222222-2222-4222-8222-222222222222", "body": "Mine second."}
    )
    page = again.content.decode()
    assert again.status_code == 200
    assert "Edie Editor saved it" in page
    assert "Mine first." in page
    assert "Mine second." in page
    assert "Nothing of yours is lost" in page
    assert Article.objects.get(slug=slug).body == "Mine first."
    # Sent once more, it goes over what they have now seen.
    key = page.split('name="key" value="')[1].split('"')[0]
    last = second.post(address, {**form, "edition": "2", "key": key, "body": "Mine second."})
    assert last.status_code == 303
    assert Article.objects.get(slug=slug).body == "Mine second."


def test_with_four_eyes_another_publishes_and_an_administrator_may_alone(world: World) -> None:
    author = world.viewer(editor(world, "wychavon"))
    other = world.viewer(editor(world, "wychavon", "Zed Second"))
    chief = world.viewer(editor(world, "wychavon", "Ada Chief", role=Role.ADMINISTRATOR))
    admin = world.viewer(world.administrator)
    actions_articles_ends.set_four_eyes(organisation="wychavon", wanted=True, viewer=admin, now=NOW)
    slug = written(author)
    with pytest.raises(NotYours):
        actions_articles.publish(slug=slug, viewer=author, edition=1, now=NOW)
    actions_articles.ask_for_review(slug=slug, viewer=author, edition=1, now=NOW)
    assert editing.waiting(other, now=NOW).reviews == 1
    assert editing.waiting(author, now=NOW).reviews == 0
    actions_articles.send_back(slug=slug, viewer=other, edition=1, words="Say who may ask", now=NOW)
    draft = editing.draft_of(Article.objects.get(slug=slug))
    assert draft is not None
    assert draft.answer == "Say who may ask"
    actions_articles.ask_for_review(slug=slug, viewer=author, edition=1, now=NOW)
    actions_articles.publish(slug=slug, viewer=other, edition=1, now=NOW)
    assert Article.objects.get(slug=slug).is_published
    alone = written(chief, title="Alone")
    actions_articles.publish(slug=alone, viewer=chief, edition=1, now=NOW)
    assert Article.objects.get(slug=alone).is_published
    done = AuditEvent.objects.filter(action="article.published").values_list("target", flat=True)
    assert set(done) == {f"article:{slug}", f"article:{alone}"}


def test_with_four_eyes_nobody_publishes_what_they_had_a_part_in(world: World) -> None:
    first = world.viewer(editor(world, "wychavon"))
    second = world.viewer(editor(world, "wychavon", "Zed Second"))
    third = world.viewer(editor(world, "wychavon", "Tess Third"))
    admin = world.viewer(world.administrator)
    actions_articles_ends.set_four_eyes(organisation="wychavon", wanted=True, viewer=admin, now=NOW)
    slug = written(first)
    said = actions_articles.content_of(Article.objects.get(slug=slug))
    # The second adds a comma: the words are still the first one's.
    actions_articles.save(slug=slug, viewer=second, content=said, edition=1, now=NOW)
    for one in (first, second):
        with pytest.raises(NotYours):
            actions_articles.publish(slug=slug, viewer=one, edition=2, now=NOW)
        assert not editing.may_publish(one, *_with_draft(slug))
    # Laid aside and begun anew by another, they may be the same words still.
    actions_articles.drop(slug=slug, viewer=second, edition=2, now=NOW)
    actions_articles.save(slug=slug, viewer=second, content=said, edition=0, now=NOW)
    with pytest.raises(NotYours):
        actions_articles.publish(slug=slug, viewer=first, edition=1, now=NOW)
    actions_articles.publish(slug=slug, viewer=third, edition=1, now=NOW)
    # What is published is behind them: the next draft is another one's.
    actions_articles.save(slug=slug, viewer=third, content=said, edition=0, now=NOW)
    actions_articles.publish(slug=slug, viewer=first, edition=1, now=NOW)


def _with_draft(slug: str) -> tuple[Article, ArticleVersion]:
    article = Article.objects.get(slug=slug)
    draft = editing.draft_of(article)
    assert draft is not None
    return article, draft


def test_editors_see_their_own_organisations_answers_alone(
    world: World, client_for: Callable[..., Client]
) -> None:
    theirs = written(world.viewer(editor(world, "wychavon")))
    stranger_user = editor(world, "worcester-city", "Sam Stranger")
    stranger, client = world.viewer(stranger_user), client_for(stranger_user)
    assert editing.listed(stranger, view="all", now=NOW)[0] == []
    with pytest.raises(NoSuchArticle):
        actions_articles.publish(slug=theirs, viewer=stranger, edition=1, now=NOW)
    for path in ("", "preview/", "versions/", "readers/", "used/", "files/"):
        assert client.get(f"/desk/answers/{theirs}/{path}").status_code == 404
    assert client.post(f"/desk/answers/{theirs}/publish/").status_code == 404
    with pytest.raises(NoSuchArticle):
        actions_articles.create(viewer=stranger, organisation="wychavon", content=WORDS, now=NOW)
    # The hub's own and what is nobody's are the hub's editors'; an administrator has all.
    hub = world.viewer(editor(world, "hub", "Hanna Hub"))
    assert [row.article.slug for row in editing.listed(hub, view="all", now=NOW)[0]] == [
        "when-is-my-bin-emptied"
    ]
    admin = world.viewer(world.administrator)
    assert len(editing.listed(admin, view="all", now=NOW)[0]) == 2
    for user in (world.agent, world.officer, world.manager):
        assert not world.viewer(user).may(Permission.EDIT_ANSWERS)
        # They read what is published, as they answer people too; a draft is nobody's but theirs.
        read = client_for(user).get("/desk/answers/").content.decode()
        assert "When is my bin emptied?" in read
        assert "Can I have a bigger bin?" not in read
        assert client_for(user).get("/desk/answers/new/").status_code == 404


def test_a_retired_answer_sends_its_readers_on_also_along_a_chain(
    world: World, client: Client
) -> None:
    who = world.viewer(editor(world, "wychavon"))
    first, second = published(who, title="First"), published(who, title="Second")
    third = published(who, title="Third")
    with pytest.raises(WordsMissing):
        actions_articles_ends.retire(slug="first", viewer=who, goes_to="answers/first", now=NOW)
    actions_articles_ends.retire(slug="first", viewer=who, goes_to="answers/second", now=NOW)
    assert client.get("/answers/first/")["Location"] == "/answers/second/"
    actions_articles_ends.retire(slug="second", viewer=who, goes_to="answers/third", now=NOW)
    assert client.get("/answers/first/")["Location"] == "/answers/third/"
    actions_articles_ends.retire(slug="third", viewer=who, goes_to="services/pothole", now=NOW)
    assert client.get("/answers/first/")["Location"] == "/services/pothole/"
    actions_articles_ends.bring_back(slug="second", viewer=who, now=NOW)
    assert client.get("/answers/second/").status_code == 200
    assert {first.slug, second.slug, third.slug} == {"first", "second", "third"}


def test_what_is_due_for_a_check_waits_until_somebody_says_that_it_holds(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    article = published(who, review_by=date(2026, 12, 1))
    later = NOW + timedelta(days=20)
    assert editing.waiting(who, now=NOW).total == 0
    assert editing.waiting(who, now=later).due == 1
    actions_articles_ends.still_right(
        slug=article.slug, viewer=who, review_by=date(2027, 6, 1), now=later
    )
    assert editing.waiting(who, now=later).total == 0
    assert Article.objects.get(pk=article.pk).reviewed_on == later.date()


def test_a_retired_answer_does_not_come_back_by_itself(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    article = published(who)
    later = replace(WORDS, body="Nobody may.")
    actions_articles.save(slug=article.slug, viewer=who, content=later, edition=0, now=NOW)
    at = NOW + timedelta(days=3)
    actions_articles.publish(slug=article.slug, viewer=who, edition=1, at=at, now=NOW)
    actions_articles_ends.retire(
        slug=article.slug, viewer=who, goes_to="services/missed-bin", now=NOW + timedelta(days=1)
    )
    assert actions_articles.publish_due(now=at) == 0
    kept = Article.objects.get(pk=article.pk)
    assert (kept.is_published, kept.goes_to) == (False, "/services/missed-bin/")
    # The words wait as a draft, and are published when somebody says so.
    draft = actions_articles.worked_on(kept)
    assert draft is not None
    assert (draft.state, draft.publish_at, draft.published_by) == ("draft", None, "")
    edition = draft.edition
    actions_articles.publish(slug=article.slug, viewer=who, edition=edition, now=at)
    assert Article.objects.get(pk=article.pk).body == "Nobody may."


def test_what_is_to_be_published_later_is_published_once_however_often_the_job_runs(
    world: World,
) -> None:
    who = world.viewer(editor(world, "wychavon"))
    slug, other = written(who), written(who, title="Another")
    at = NOW + timedelta(hours=2)
    for one in (slug, other):
        actions_articles.publish(slug=one, viewer=who, edition=1, at=at, now=NOW)
    assert actions_articles.publish_due(now=NOW) == 0
    assert not Article.objects.get(slug=slug).is_published
    actions_articles.hold_back(slug=other, viewer=who, edition=1, now=NOW)
    assert actions_articles.publish_due(now=at) == 1
    assert actions_articles.publish_due(now=at) == 0
    assert Article.objects.get(slug=slug).is_published
    assert not Article.objects.get(slug=other).is_published
    line = AuditEvent.objects.get(action="article.published")
    assert line.actor_name == "Edie Editor"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_dies_half_way_leaves_the_rest_to_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = world.viewer(editor(world, "wychavon"))
    at = NOW + timedelta(hours=1)
    for title in ("One", "Two", "Three"):
        slug = written(who, title=title)
        actions_articles.publish(slug=slug, viewer=who, edition=1, at=at, now=NOW)
    given = actions_articles._give_out
    calls = []

    def dies(article: Article, version: ArticleVersion, **more: object) -> None:
        calls.append(article.slug)
        given(article, version, **more)  # type: ignore[arg-type]  # as it was called
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(actions_articles, "_give_out", dies)
    with pytest.raises(KeyboardInterrupt):
        actions_articles.publish_due(now=at)
    monkeypatch.undo()
    assert Article.objects.filter(is_published=True, slug__in=["one", "two", "three"]).count() == 1
    assert actions_articles.publish_due(now=at) == 2
    assert AuditEvent.objects.filter(action="article.published").count() == 3


def test_a_draft_laid_aside_stays_among_the_versions(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    slug = written(who)
    actions_articles.drop(slug=slug, viewer=who, edition=1, now=NOW)
    article = Article.objects.get(slug=slug)
    assert editing.draft_of(article) is None
    assert [row.state for row in editing.versions(article)] == ["dropped"]
    with pytest.raises(Changed):
        actions_articles.publish(slug=slug, viewer=who, edition=1, now=NOW)


def test_an_answer_from_before_versions_keeps_what_it_said_as_its_first(world: World) -> None:
    admin = world.viewer(world.administrator)
    slug = "when-is-my-bin-emptied"
    content = replace(WORDS, title="When is my bin emptied?", body="Every week.")
    actions_articles.save(slug=slug, viewer=admin, content=content, edition=0, now=NOW)
    article = Article.objects.get(slug=slug)
    first = editing.version(article, 1)
    assert first is not None
    assert "second week" in editing.content_of(first).body
    assert article.live_version == 1


def test_the_content_of_a_version_survives_being_kept(world: World) -> None:
    content = replace(
        WORDS,
        areas=(article_content.AreaWords("E07000238", "add", "Ours"),),
        start=(article_content.Start("missed-bin", "Report it", {"bin": "black"}),),
        review_by=date(2027, 1, 1),
    )
    assert article_content.from_json(article_content.as_json(content)) == content


def test_only_one_version_is_worked_on_says_the_database_too(world: World) -> None:
    who = world.viewer(editor(world, "wychavon"))
    article = Article.objects.get(slug=written(who))
    with connection.cursor() as cursor, pytest.raises(Exception, match="version_one_worked_on"):
        cursor.execute(
            "INSERT INTO kb_articleversion (article_id, number, state, content, note, edition,"
            " written_by, written_at, answer, published_by)"
            " VALUES (%s, 9, 'draft', '{}', '', 1, '', now(), '', '')",
            [article.pk],
        )
