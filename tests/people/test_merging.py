"""Two rows that are one person are merged, and taken apart exactly as they were."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from customers.actions_merge import NotTwo
from customers.models import Adjustment, ContactPoint, GivenName, Merge, Person
from enquiries.actions import merging
from enquiries.inbound import Sender
from enquiries.models import Contact, Enquiry, EnquiryEvent
from enquiries.queries import ledger
from tests.desk.steps import new_key, open_contact, raise_one, text, work
from tests.world import NOW, ask, build, enquiry_of

pytestmark = pytest.mark.django_db


def _somebody(name: str, phone: str, **more: str) -> Person:
    person = enquiry_of(ask(sender=Sender(name=name, phone=phone, **more))).person
    assert person is not None
    return person


@pytest.fixture
def two(world) -> tuple[Person, Person]:
    """The same person twice, each with something of their own."""
    kept = _somebody("Jo Bloggs", "07700 900111", email="jo@example.com")
    gone = _somebody("Joanna Bloggs", "07700 900222", postcode="WR11 3DA", address="1 High Street")
    Adjustment.objects.create(person=gone, kind="large_print", recorded_at=NOW, review_on=NOW)
    Person.objects.filter(pk=gone.pk).update(adjustments=["large_print"])
    return kept, gone


def _merge(world, two, **more: Any):
    kept, gone = two
    data = {"take": ["name"], "why": "They said so", **more}
    return merging.merge(
        viewer=world.viewer(world.agent), kept=kept.public_id, gone=gone.public_id, now=NOW, **data
    )


def _snapshot() -> list[str]:
    tables = ("customers_person", "customers_contactpoint", "customers_adjustment")
    with connection.cursor() as cursor:
        rows = []
        for table in (*tables, "customers_givenname", "customers_postaladdress"):
            cursor.execute(f"SELECT t::text FROM {table} AS t ORDER BY id")
            rows += [f"{table} {row[0]}" for row in cursor.fetchall()]
        cursor.execute("SELECT id, person_id FROM enquiries_enquiry ORDER BY id")
        return [*rows, *map(str, cursor.fetchall())]


def test_merged_and_taken_apart_all_is_as_it_was(world, two):
    kept, gone = two
    before = _snapshot()
    merge = _merge(world, two)
    assert _merge(world, two) == merge  # twice is once
    work()

    kept.refresh_from_db()
    assert (kept.full_name, kept.address, kept.postcode) == (
        "Joanna Bloggs", "1 High Street", "WR11 3DA",
    )  # fmt: skip
    assert kept.adjustments == ["large_print"]
    assert list(GivenName.objects.values_list("name", flat=True)) == ["Jo Bloggs"]
    assert set(ContactPoint.objects.values_list("person_id", flat=True)) == {kept.pk}
    assert set(Enquiry.objects.values_list("person_id", flat=True)) == {kept.pk}
    # The ledger says who was in touch then, and that they are one since (R51).
    assert set(Contact.objects.values_list("person_id", flat=True)) == {kept.pk, gone.pk}
    said = [line for line in ledger.ledger(ledger.all_ids()) if "merge" in str(line["type"])]
    assert said == [{"type": "merge", "keep": kept.pk, "drop": gone.pk, "at": NOW}]
    assert EnquiryEvent.objects.filter(type="enquiry.person_merged").count() == 1

    who = world.viewer(world.agent)
    assert merging.unmerge(viewer=who, merge=merge, why="Two sisters", now=NOW)
    assert not merging.unmerge(viewer=who, merge=merge, why="Two sisters", now=NOW)
    work()
    assert _snapshot() == before
    assert Merge.objects.get().undone == []
    assert [line["type"] for line in ledger.ledger(ledger.all_ids())].count("unmerge") == 1


def test_what_changed_since_is_left_alone_and_said(world, two, client_for):
    kept, gone = two
    merge = _merge(world, two)
    work()
    ContactPoint.objects.filter(value="+447700900222").delete()
    Person.objects.filter(pk=kept.pk).update(full_name="Joanna Bloggs-Hill")
    later = ask(sender=Sender(name="Joanna Bloggs-Hill", email="jo@example.com"))
    Enquiry.objects.filter(pk=enquiry_of(later).pk).update(received_at=NOW.replace(hour=12))
    client, page = client_for(world.agent), f"/desk/people/{kept.public_id}/"
    assert client.get(f"/desk/people/{gone.public_id}/")["Location"] == page
    data = {"key": new_key(), "merge": str(merge), "words": "Two sisters"}
    assert client.post(f"{page}unmerge/", data).status_code == 303
    work()

    kept.refresh_from_db()
    assert kept.full_name == "Joanna Bloggs-Hill"
    shown = text(client.get(page))
    assert "left as it is now: their name" in shown
    assert "left alone: 1 phone numbers or email addresses" in shown
    assert shown.count("1 enquiry came in since the merge") == 1
    assert "Taken apart: they are two people after all" in shown
    assert "Taken apart" in text(client.get(f"/desk/people/{gone.public_id}/"))


@pytest.mark.django_db(transaction=True)  # its promises have transactions of their own
def test_what_came_in_through_the_others_contact_goes_back_and_the_rest_is_given(
    world, two, client_for
):
    kept, gone = two
    client = client_for(world.agent)
    contact = open_contact(client)
    client.post(f"{contact}person/", {"key": new_key(), "person": str(gone.public_id)})
    merge = _merge(world, two)
    work()
    raise_one(client, contact)
    texted = enquiry_of(ask(sender=Sender(phone="07700 900222"), at=NOW + timedelta(hours=1)))
    other = enquiry_of(ask(sender=Sender(email="jo@example.com"), at=NOW + timedelta(hours=1)))
    raised = Enquiry.objects.get(first_contact__agent=world.agent)
    assert {one.person_id for one in (texted, other, raised)} == {kept.pk}

    page = f"/desk/people/{kept.public_id}/"
    data = {"key": new_key(), "merge": str(merge), "words": "Two sisters"}
    answer = client.post(f"{page}unmerge/", data, follow=True)
    assert f"Look whose these are that came in since: {other.reference}" in text(answer)
    work()
    # Begun before they were taken apart, kept after: the late look fetches it.
    meanwhile = enquiry_of(ask(sender=Sender(phone="07700 900222"), at=timezone.now()))
    Enquiry.objects.filter(pk=meanwhile.pk).update(person=kept)
    merging.settle(merge_id=Merge.objects.get().pk, now=NOW)

    def whose(one):
        return Enquiry.objects.get(pk=one.pk).person_id

    assert whose(other) == kept.pk
    assert {whose(one) for one in (texted, raised, meanwhile)} == {gone.pk}
    data = {"key": new_key(), "merge": str(merge), "reference": other.reference}
    shown = text(client.post(f"{page}theirs/", data, follow=True))
    assert whose(other) == gone.pk
    assert "came in since the merge" not in shown
    assert client.post(f"{page}theirs/", {**data, "key": new_key(), "reference": texted.reference}
                       ).status_code == 404  # fmt: skip


@pytest.mark.parametrize("take", ["kept", "gone"])
def test_one_number_stays_the_first_and_somebody_chooses_which(world, two, client_for, take):
    kept, gone = two
    ContactPoint.objects.update(is_preferred=True)
    before, client = _snapshot(), client_for(world.agent)
    page = f"/desk/people/{kept.public_id}/same/{gone.public_id}/"
    asked = text(client.get(page))
    assert "Which number do we ring first?" in asked
    assert "write to first?" not in asked  # only one of them has an address
    data = {"name": "kept", "phone": take, "words": "They said so", "key": new_key()}
    assert client.post(page, data).status_code == 303
    first = ContactPoint.objects.filter(person=kept, kind="phone", is_preferred=True)
    number = {"kept": "+447700900111", "gone": "+447700900222"}[take]
    assert [one.value for one in first] == [number]
    assert ContactPoint.objects.get(kind="email").is_preferred
    merge = Merge.objects.get()
    merging.unmerge(viewer=world.viewer(world.agent), merge=merge.public_id, why="Two", now=NOW)
    assert _snapshot() == before


def test_namesakes_are_told_apart_by_what_differs(world, client_for):
    two = [_somebody("Mary Smith", f"07700 90010{n}") for n in (2, 3)]
    client = client_for(world.agent)
    page = text(client.get(f"/desk/people/{two[0].public_id}/same/{two[1].public_id}/"))
    assert 'dir="auto">Mary Smith (07700 900103)</span> goes to' in page
    assert page.count("Mary Smith (07700 900102)") == 2
    _merge(world, two, take=[])
    story = text(client.get(f"/desk/people/{two[0].public_id}/"))
    assert story.count("Merged: they were written down twice") == 1


def test_a_merge_of_a_merge_is_undone_first(world, two):
    kept, _gone = two
    first = _merge(world, two)
    third = _somebody("Jo B", "07700 900333")
    who = world.viewer(world.agent)
    second = merging.merge(viewer=who, kept=third.public_id, gone=kept.public_id, take=[],
                           why="Said so", now=NOW)  # fmt: skip
    with pytest.raises(NotTwo, match="Take those two apart first"):
        merging.unmerge(viewer=who, merge=first, why="No", now=NOW)
    work()
    assert set(Enquiry.objects.values_list("person_id", flat=True)) == {third.pk}
    merging.unmerge(viewer=who, merge=second, why="No", now=NOW)
    merging.unmerge(viewer=who, merge=first, why="No", now=NOW)
    work()
    assert Enquiry.objects.values("person_id").distinct().count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_both_ways_at_once_make_one_merge():
    world = build()
    one, other = _somebody("Jo", "07700 900111"), _somebody("Joe", "07700 900222")
    start, refused = threading.Barrier(2), []

    def merge(kept: Person, gone: Person) -> None:
        start.wait()
        try:
            merging.merge(viewer=world.viewer(world.agent), kept=kept.public_id,
                          gone=gone.public_id, take=[], why="Said so", now=NOW)  # fmt: skip
        except NotTwo as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Merge.objects.count() == 1
    assert Person.objects.filter(merged_into=None).count() == 1
