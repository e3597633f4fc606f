"""On the case page: what may be the same is joined with one press, shown both ways, and undone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from core import references
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent, EnquiryLink
from tests.desk.steps import act, new_key, text, work
from tests.world import NOW, ask, enquiry_of

pytestmark = pytest.mark.django_db
SAM = Sender(name="Sam Stone", email="sam@example.com")


@pytest.fixture
def pair(world) -> tuple[Enquiry, Enquiry]:
    """One person's two reports of one bin."""
    first = enquiry_of(ask())
    return first, enquiry_of(ask(words="Still full", at=NOW + timedelta(minutes=5)))


def page_of(enquiry: Enquiry) -> str:
    return f"/desk/cases/{enquiry.reference}/"


def pressed(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    form = re.search(rf'<form[^>]*action="{action}[^"]*"[^>]*>(.*?)</form>', page)
    assert form is not None, f"no form for {action}"
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group(1))
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def test_the_same_persons_report_is_merged_with_one_press_and_back(world, pair, client_for) -> None:
    first, second = pair
    client = client_for(world.agent)
    page = text(client.get(page_of(first)))
    assert "Perhaps the same thing" in page
    assert "It came later: it would end in this one" in page
    assert "Somebody else’s: link" not in page

    fields = pressed(page, f"{page_of(first)}join/")
    answer = client.post(f"{page_of(first)}join/", {**fields, "whose": "same"}, follow=True)
    page = text(answer)
    assert answer.redirect_chain[-1][0].startswith(page_of(first))
    assert "Both reports go on here" in page
    assert "The same person told us again in" in page
    assert "Still full" in page
    second.refresh_from_db()
    assert second.outcome == "duplicate"
    ended = text(client.get(page_of(second)))
    assert "The same person told us before. It goes on in" in ended
    assert 'id="act-reopen"' not in ended

    fields = pressed(page, f"{page_of(second)}part/")
    answers = [client.post(f"{page_of(second)}part/", fields, follow=True) for _twice in range(2)]
    assert "Offered to Wychavon District Council again" in text(answers[0])
    second.refresh_from_db()
    assert second.status == "referred"
    assert EnquiryEvent.objects.filter(type="enquiry.unmerged").count() == 1


def test_a_press_on_the_later_page_leads_to_the_one_that_goes_on(world, pair, client_for) -> None:
    first, second = pair
    client = client_for(world.agent)
    fields = pressed(text(client.get(page_of(second))), f"{page_of(second)}join/")
    answer = client.post(f"{page_of(second)}join/", {**fields, "whose": "same"})
    assert answer["Location"].startswith(page_of(first))


def test_somebody_elses_report_is_linked_and_staff_are_told_who_hears(world, client_for) -> None:
    enquiry_of(ask())
    second = enquiry_of(ask(sender=SAM, at=NOW + timedelta(minutes=5)))
    client = client_for(world.agent)
    page = text(client.get(page_of(second)))
    assert "Same person’s: merge" not in page
    fields = pressed(page, f"{page_of(second)}join/")
    page = text(client.post(f"{page_of(second)}join/", {**fields, "whose": "other"}, follow=True))
    assert "<strong>1 other person hears</strong> what you tell the citizen" in page
    assert "Somebody else told us, too, and hears what comes of it:" in page
    assert "Undo the link" in page


def test_by_reference_what_cannot_be_joined_says_why_beside_the_field(
    world, pair, client_for
) -> None:
    first, second = pair
    theirs = enquiry_of(ask(sender=SAM, service="pothole"))
    client = client_for(world.agent)

    def tried(other: str, whose: str = "same") -> str:
        answer = act(client, page_of(first), "join", other=other, whose=whose)
        assert answer.status_code == 422
        return text(answer)

    assert "There is no enquiry with that reference" in tried(references.new())
    assert 'href="#join_other"' in tried("nonsense")
    assert "different people. Link them instead" in tried(theirs.reference)
    assert f'value="{theirs.reference}"' in tried(theirs.reference)
    assert "These two are one already" in tried(first.reference)
    assert "Say who told us" in tried(second.reference, whose="")
    assert not EnquiryLink.objects.exists()
    assert act(
        client, page_of(first), "join", other=theirs.reference.lower(), whose="other"
    ).status_code == 303  # fmt: skip


def test_a_case_is_split_and_the_second_thing_goes_its_own_way(world, pair, client_for) -> None:
    first, _second = pair
    client = client_for(world.agent)
    answer = act(
        client, page_of(first), "split", words="And a pothole", service="pothole",
        postcode="WR1 3EZ",
    )  # fmt: skip
    assert answer.status_code == 303
    work()
    new = Enquiry.objects.latest("pk")
    assert new.service is not None
    assert (new.postcode, new.service.slug) == ("WR1 3EZ", "pothole")
    page = text(client.get(page_of(first)))
    assert "One part became an enquiry of its own:" in page
    fields = pressed(page, f"{page_of(new)}join/")
    client.post(f"{page_of(new)}join/", fields)
    new.refresh_from_db()
    assert new.outcome == "duplicate"
    bad = act(client, page_of(first), "split", words="x", service="pothole", postcode="SW1A 1AA")
    assert bad.status_code == 422
    assert "outside Worcestershire" in text(bad)


@pytest.mark.parametrize("act_name", ["join", "split", "part"])
def test_who_only_reads_joins_nothing(world, pair, client_for, act_name: str) -> None:
    first, _second = pair
    assert act(client_for(world.officer), page_of(first), act_name).status_code == 404
    if act_name != "split":  # what is disputed a manager sorts out
        assert act(client_for(world.manager), page_of(first), act_name).status_code == 404
    assert "Same person’s: merge" not in text(client_for(world.manager).get(page_of(first)))


# -- two hands on one page ----------------------------------------------------------------------


@pytest.fixture
def case(world) -> Enquiry:
    return enquiry_of(ask(service=None, words="Something quite unheard of", postcode=""))


def version(case: Enquiry) -> str:
    case.refresh_from_db()
    return str(case.version)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("service", {"service": "pothole"}), ("service", {"service": "missed-bin"})),
        (("service", {"service": "pothole"}), ("resolve", {"outcome": "answered", "words": "Y"})),
        (("refer", {"organisation": "wychavon"}), ("refer", {"organisation": "worcester-city"})),
        (("resolve", {"outcome": "answered", "words": "Yes"}), ("service", {"service": "pothole"})),
        (("ask", {"words": "Where?"}), ("ask", {"words": "Where is it?"})),
        (("priority", {"priority": "urgent", "words": "W"}),
         ("priority", {"priority": "emergency", "words": "W"})),
        (("split", {"words": "Besides", "service": "pothole"}),
         ("split", {"words": "And also", "service": "pothole"})),
    ],
    ids=lambda step: step[0],
)  # fmt: skip
def test_who_decides_on_an_old_page_is_shown_what_happened_and_keeps_their_words(
    world, case, client_for, first: tuple[str, dict[str, str]], second: tuple[str, dict[str, str]]
) -> None:
    one, other, old = client_for(world.agent), client_for(world.administrator), version(case)
    assert act(one, page_of(case), first[0], **first[1], version=old).status_code == 303
    before = version(case)

    refused = act(other, page_of(case), second[0], **second[1], version=old)
    page = text(refused)
    assert refused.status_code == 422
    assert "This was changed after you opened the page" in page
    assert "Asha Agent" in page
    for value in second[1].values():
        assert value in page
    assert version(case) == before
    found = re.search(rf'name="version" value="(\d+)" id="{second[0]}_version"', page)
    assert found is not None
    assert found.group(1) == before

    again = act(other, page_of(case), second[0], **second[1], version=found.group(1))
    ended = first[0] == "resolve"
    assert again.status_code == (422 if ended else 303)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("note", {"words": "One"}), ("resolve", {"outcome": "answered", "words": "Yes"})),
        (("reply", {"words": "One"}), ("reply", {"words": "Two"})),
        (("service", {"service": "pothole"}), ("note", {"words": "Two"})),
        (("priority", {"priority": "urgent", "words": "W"}), ("service", {"service": "pothole"})),
    ],
    ids=lambda step: step[0],
)
def test_what_decides_something_else_survives_beside_it(
    world, case, client_for, first: Any, second: Any
) -> None:
    old = version(case)
    for user, (name, data) in ((world.agent, first), (world.administrator, second)):
        answer = act(client_for(user), page_of(case), name, **data, version=old)
        assert answer.status_code == 303, text(answer)


def test_the_same_form_sent_twice_is_no_conflict_with_itself(world, case, client_for) -> None:
    client = client_for(world.agent)
    data = {"key": new_key(), "version": version(case), "outcome": "answered", "words": "Yes"}
    for _twice in range(2):
        assert client.post(f"{page_of(case)}resolve/", data).status_code == 303
