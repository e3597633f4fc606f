"""What readers press is counted as the measures say: once, as a question, and never as silence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import kb.queries_editing as editing
from enquiries.actions import resolutions
from enquiries.models import Contact, Enquiry
from enquiries.queries import queue
from enquiries.queries.queue_filters import Filters
from kb import actions_articles_readers
from kb.models import Article, ArticleViews, ReaderWord
from metrics import exports, one_stop, projection, reading, rebuilding
from metrics.models import EnquiryFact
from tests.world import World

# Figures are folded from what has been committed.
pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "when-is-my-bin-emptied"
PAGE = f"/answers/{SLUG}/"
WEEK = timedelta(days=7, minutes=1)


@pytest.fixture(autouse=True)
def _somewhere(world: World) -> None:
    """The small partnership."""


def press(client: Client, word: str = "yes", **more: str) -> Any:
    page = client.get(PAGE, headers={"User-Agent": "Mozilla/5.0"}).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    return client.post(f"{PAGE}said/", {"key": found[1] if found else "", "answered": word, **more})


def judged(at: Any) -> dict[str, EnquiryFact]:
    projection.refresh(now=timezone.now())
    projection.refresh(now=at)
    return {row.reference: row for row in EnquiryFact.objects.all()}


def send_the_form(client: Client, service: str = "pothole") -> Any:
    """Somebody asks on the website, anonymously where it may be."""
    at = client.post("/ask/", {"service": service})["Location"]
    for answers in (
        {"postcode": "WR11 3DA"},
        {"description": "There is still a hole"},
        {"tell_by": "none"},
    ):
        while True:
            sent = client.post(at, answers)
            assert sent.status_code == 302, sent.content.decode()[:2_000]
            at = sent["Location"]
            break
    return client.post(at, {})


def test_a_yes_is_a_question_answered_at_once_and_a_success_after_its_week(
    world: World, client: Client
) -> None:
    answer = press(client)
    assert answer["Location"] == f"{PAGE}#said"
    assert "Thank you. You said yes" in client.get(PAGE).content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outcome, enquiry.article) == ("resolved", "answered", SLUG)
    assert enquiry.promised_on is None
    facts = judged(timezone.now())
    assert facts[enquiry.reference].verdict == "pending"
    fact = judged(timezone.now() + WEEK)[enquiry.reference]
    assert (fact.klass, fact.verdict, fact.fcc) == ("INFORM", "success", True)
    assert fact.service == "missed-bin.answers"
    assert fact.self_service
    assert fact.organisation == "hub"


def test_a_no_has_no_outcome_stands_before_nobody_and_fails_as_the_contents(
    world: World, client: Client
) -> None:
    press(client, "no")
    enquiry = Enquiry.objects.get()
    assert (enquiry.status, enquiry.outcome) == ("resolved", "unanswered")
    agent = world.viewer(world.agent)
    for view in ("unassigned", "mine", "team", "all", "ended"):
        page = queue.inbox(agent, Filters(view=view), now=timezone.now())
        assert page.rows == ()
    assert judged(timezone.now())[enquiry.reference].verdict == "pending"
    late = timezone.now() + WEEK
    resolutions.close_due(now=late)
    fact = judged(late)[enquiry.reference]
    assert (fact.verdict, fact.reason, fact.owner) == ("failure", "clarification", "content")
    assert fact.outcome_at is None


def test_the_exported_ledger_lets_others_reach_the_same_verdicts(client: Client) -> None:
    press(client, "no")
    press(Client(), "yes")
    late = timezone.now() + WEEK
    resolutions.close_due(now=late)
    projection.refresh(now=late)
    lines = [json.loads(line) for line in exports.stream()]
    assert [line["signals"] for line in lines if line["type"] == "contact"] == [
        ["article_no"],
        ["article_yes"],
    ]
    assert not any("unanswered" in str(line.get("event", "")) for line in lines)
    verdicts = {
        (one.verdict.kind.value, one.verdict.reason, one.verdict.owner, one.klass)
        for one in one_stop.judge(reading.read(lines), late)
    }
    assert verdicts == {
        ("success", None, None, "INFORM"),
        ("failure", "clarification", "content", "INFORM"),
    }


def test_pressing_twice_and_in_two_tabs_is_pressing_once(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    for _ in range(3):
        client.post(f"{PAGE}said/", {"key": key[1], "answered": "yes"})
    # Another tab of the same visit says no: the first word stands.
    client.post(f"{PAGE}said/", {"key": "11111111-1111-4111-8111-111111111111", "answered": "no"})
    # The same form without the cookie that the first press set.
    Client().post(f"{PAGE}said/", {"key": key[1], "answered": "yes"})
    assert Enquiry.objects.count() == 1
    assert Contact.objects.count() == 1
    assert list(ReaderWord.objects.values_list("answered", flat=True)) == [True]


def test_who_goes_on_to_a_form_in_the_same_visit_has_one_contact_and_one_need(
    client: Client,
) -> None:
    press(client, "no")
    sent = send_the_form(client, "missed-bin")
    assert sent.status_code == 302
    contact = Contact.objects.get()
    assert contact.signals == ["article_no", "submitted"]
    read, asked = Enquiry.objects.order_by("pk")
    facts = judged(timezone.now() + timedelta(days=120))
    assert (facts[read.reference].verdict, facts[read.reference].reason) == (
        "excluded",
        "same_need",
    )
    assert facts[asked.reference].verdict in ("success", "failure")
    assert facts[asked.reference].service == "missed-bin"
    assert facts[asked.reference].recontacts == 0
    # Folded all at once it is the same.
    before = {row.pk: (row.verdict, row.reason) for row in EnquiryFact.objects.all()}
    rebuilding.rebuild(now=timezone.now() + timedelta(days=120))
    assert {row.pk: (row.verdict, row.reason) for row in EnquiryFact.objects.all()} == before


def test_another_need_in_the_same_visit_leaves_the_no_as_it_was(client: Client) -> None:
    press(client, "no")
    send_the_form(client, "pothole")
    read = Enquiry.objects.order_by("pk")[0]
    fact = judged(timezone.now() + timedelta(days=120))[read.reference]
    assert (fact.verdict, fact.reason) == ("failure", "clarification")


def test_after_half_an_hour_it_is_another_visit(client: Client) -> None:
    press(client, "no")
    session = client.session
    session["visit"] = {**session["visit"], "at": timezone.now().timestamp() - 31 * 60}
    session.save()
    send_the_form(client, "missed-bin")
    assert Contact.objects.count() == 2


def test_reading_is_traffic_and_never_a_contact(client: Client) -> None:
    for agent in ("Mozilla/5.0 (X11)", "Mozilla/5.0 (compatible; Googlebot/2.1)", ""):
        client.get(PAGE, headers={"User-Agent": agent})
    client.head(PAGE, headers={"User-Agent": "Mozilla/5.0"})
    client.get(PAGE, headers={"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch"})
    assert list(ArticleViews.objects.values_list("channel", "count")) == [("web", 1)]
    assert Contact.objects.count() == 0
    said = editing.readers(Article.objects.get(slug=SLUG), now=timezone.now())
    assert (said.opened, said.silent) == (1, 1)


def test_what_is_wrong_stands_in_the_owners_queue_until_somebody_has_dealt_with_it(
    world: World, client: Client
) -> None:
    press(client, "wrong")
    client.post(f"{PAGE}words/", {"words": "It is every week now\x00", "is_wrong": "on"})
    admin = world.viewer(world.administrator)
    assert editing.waiting(admin, now=timezone.now()).wrong == 1
    word = ReaderWord.objects.get()
    assert (word.answered, word.is_wrong, word.words) == (False, True, "It is every week now")
    actions_articles_readers.settle(slug=SLUG, viewer=admin, word_id=word.pk, now=timezone.now())
    assert editing.waiting(admin, now=timezone.now()).wrong == 0


def test_a_machine_is_thanked_and_not_taken(client: Client) -> None:
    press(client, "yes", website="http://spam.example")
    assert Contact.objects.count() == 0
    assert ReaderWord.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"answered": "maybe", "key": "11111111-1111-4111-8111-111111111111"},
        {"answered": "yes", "key": "x\x00y"},
        {"answered": "yes", "key": ["a", "b"]},
        {"answered": "yes"},
        {"answered": "yes" * 9_000, "key": "11111111-1111-4111-8111-111111111111"},
    ],
)
def test_what_is_no_answer_is_said_so_and_changes_nothing(
    client: Client, form: dict[str, Any]
) -> None:
    page = client.post(f"{PAGE}said/", form)
    assert page.status_code == 200
    assert "Choose yes or no" in page.content.decode()
    assert Contact.objects.count() == 0


def test_words_without_a_press_and_words_too_long_are_not_kept(client: Client) -> None:
    client.post(f"{PAGE}words/", {"words": "Hello"})
    assert ReaderWord.objects.count() == 0
    press(client, "no")
    page = client.post(f"{PAGE}words/", {"words": "x" * 501}).content.decode()
    assert "500 characters or fewer" in page
    assert "x" * 501 in page
    assert ReaderWord.objects.get().words == ""


def test_an_answer_about_no_service_can_be_judged_too(client: Client) -> None:
    Article.objects.update(service=None)
    press(client, "no")
    enquiry = Enquiry.objects.get()
    fact = judged(timezone.now() + WEEK)[enquiry.reference]
    assert (fact.service, fact.reason) == ("answers", "clarification")
