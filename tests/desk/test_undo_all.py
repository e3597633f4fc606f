"""All that an agent does can be taken back at once, or stands in the list of what cannot be, with
what is done instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from customers.models import (
    Adjustment,
    Alert,
    ContactPoint,
    GivenName,
    MoveNotice,
    Person,
    PostalAddress,
    Proxy,
)
from customers.takebacks import rows
from desk import acts, acts_referrals, queue_bulk, urls_contacts
from desk.taking_back import FOR_GOOD
from desk.views import calls, holding, people_details, people_telling
from enquiries.inbound import Sender
from enquiries.models import (
    AboutOffer,
    Acting,
    Attachment,
    Contact,
    ContactItem,
    Enquiry,
    Holding,
    PublicNote,
    Referral,
    Watch,
)
from inbox.models import Callback
from notifications.models import Notification
from teamwork import scopes
from teamwork.models import Task, Undo
from tests.desk import test_undo
from tests.desk.staff import somebody
from tests.desk.steps import new_key, open_contact, text
from tests.desk.test_partner_files import picture
from tests.desk.test_undo import SAM, stands
from tests.outbox import run_outbox
from tests.spam.test_desk import held
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db

# Proved here, or where the address says.
CASE = {*test_undo.ACTS, "answers", "reopen", "part", "neighbours", "attach"} - {"take"}
REFERRAL = {one.name for one in acts_referrals.REFERRAL_ACTS}
CONTACT = {"about", "link", "none-of-these", "wrap-up", "park", "go-on", "hand-over", "take-back",
           "ring-back", "ring-back-off", "person", "add-person", "act-for"}  # fmt: skip
PERSON = {"alert", "alert-still", "alert-over", "name", "name-over", "reach", "prefer", "bad",
          "address", "address-over", "move", "acts", "acts-over"}  # fmt: skip
TELLING = {"prefer", "need", "still", "over", "post"}
CALLBACK = {"take", "put-back", "no-answer", "wrong-number", "call-off", "move"}
HOLDING = {"genuine", "spam", "not-spam"}
# A page, a search, and what only leads on.
NO_ACTS = {"", "find", "unfinished", "on-the-line", "offered"}


def test_each_act_is_proved_or_says_what_is_done_instead() -> None:
    of_contacts = {
        str(one.pattern).strip("/").rpartition(">")[2].strip("/") or str(one.pattern).split("/")[0]
        for one in urls_contacts.urlpatterns
    }
    of_contacts = {one for one in of_contacts if not one.startswith("<")}
    everything = {
        "case": ({one.name for one in acts.CASE_ACTS}, CASE),
        "referral": (REFERRAL, REFERRAL),
        "contact": ({one.replace("outage/undo", "outage-undo") for one in of_contacts}, CONTACT),
        "person": (set(people_details.ACTS), PERSON),
        "telling": (set(people_telling.ACTS), TELLING),
        "callback": (set(calls._ACTS), CALLBACK),
        "holding": (set(holding.ACTS), HOLDING),
    }
    for kind, (there, proved) in everything.items():
        listed = {name.partition(":")[2] for name in FOR_GOOD if name.startswith(f"{kind}:")}
        assert there - proved - listed - NO_ACTS == set(), kind
        assert not proved & listed, kind
        assert proved <= there, kind
    assert all(FOR_GOOD.values())
    assert set(scopes.KINDS) == {
        "watch", "neighbours", "held", "calls", "follows", "sitting", "tasks", "callback", "person",
    }  # fmt: skip
    assert len(queue_bulk.BULK_ACTS) == 8  # all by one way: tests/desk/test_undo_together.py


def _all(*kinds: Any) -> str:
    found = [row for kind in kinds for row in kind.objects.order_by("pk")]
    return str(serializers.serialize("json", found))


def _person(case: Enquiry) -> Person:
    assert case.person is not None
    return case.person


def _last(answer: Any) -> Undo:
    """What was done last, which the page offers to take back."""
    undo = Undo.objects.latest("pk")
    assert str(undo.public_id) in text(answer), _said(answer)
    return undo


def _said(answer: Any) -> str:
    found = re.findall(r"govuk-notification-banner__content.{,600}", text(answer))
    return "".join(re.sub(r"<[^>]+>", " ", one) for one in found)


def differs(before: Any, after: Any, where: str = "") -> str:
    """Where two of what stands differ, for who reads a failure."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in before | after if before.get(key) != after.get(key)]
        return "".join(differs(before.get(one), after.get(one), f"{where}.{one}") for one in keys)
    if isinstance(before, list | tuple) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return "".join(differs(*two, f"{where}.{at}") for at, two in pairs if two[0] != two[1])
    return f"{where}: {before!s:.300} is {after!s:.300}\n"


def _back(
    client: Client, address: str, stand: Callable[[], Any], /, *, proves: bool = True, **data: Any
) -> str:
    """Does it, takes it back, and it is as it was; then does it for good. What the page said."""
    before = stand()
    undo = _last(client.post(address, {"key": new_key(), **data}, follow=True))
    assert stand() != before or not proves, address
    said = text(client.post(f"/desk/undo/{undo.public_id}/", follow=True))
    assert "Taken back" in said, address
    after = stand()
    assert after == before, address + differs(before, after)
    if any(isinstance(one, SimpleUploadedFile) for one in data.values()):
        return said
    return text(client.post(address, {"key": new_key(), **data}, follow=True))


def _known(world: World, person: Person) -> Callable[[], str]:
    viewer = world.viewer(world.administrator)

    def stand() -> str:
        found = [row for one in rows(viewer, str(person.public_id)) for row in one.order_by("pk")]
        return str(serializers.serialize("json", found)) + str(stands())

    return stand


def test_what_is_written_down_of_somebody(world: World, client_for: Any) -> None:
    client = client_for(world.administrator)
    case = enquiry_of(ask(words="Something is broken", sender=SAM))
    daughter = enquiry_of(ask(words="A lamp", sender=Sender(name="Ann", email="a@b.uk")))
    run_outbox()
    person = _person(case)
    stand, page = _known(world, person), f"/desk/people/{person.public_id}/details/"

    def which(kind: Any) -> str:
        return str(kind.objects.filter(person=person).latest("pk").public_id)

    _back(client, f"{page}alert/", stand, kind="vulnerable", why="Falls", seen_by="all")
    _back(client, f"{page}alert-over/", stand, which=which(Alert), words="Moved")
    dog = {"kind": "safety", "why": "Dog", "seen_by": "all"}
    client.post(f"{page}alert/", {"key": new_key(), **dog})
    Alert.objects.update(review_on="2026-12-01")
    _back(client, f"{page}alert-still/", stand, which=which(Alert))
    _back(client, f"{page}name/", stand, name="Samuel Stone")
    _back(client, f"{page}name-over/", stand, which=which(GivenName))
    _back(client, f"{page}reach/", stand, phone="01386 555 123")
    phone = ContactPoint.objects.get(person=person, kind="phone").pk
    _back(client, f"{page}prefer/", stand, point=phone)
    _back(client, f"{page}bad/", stand, point=phone)
    _back(client, f"{page}address/", stand, kind="work", address="1 Mill Lane")
    _back(client, f"{page}address-over/", stand, which=which(PostalAddress))
    _back(client, f"{page}acts/", stand, acts=str(_person(daughter).public_id), relation="daughter",
          basis="asked", may="own")  # fmt: skip
    _back(client, f"{page}acts-over/", stand, which=which(Proxy))
    _back(client, f"{page}move/", stand, address="2 High Street\nPershore", postcode="WR10 1AA")
    assert MoveNotice.objects.exists()

    page = f"/desk/people/{person.public_id}/telling/"
    _back(client, f"{page}prefer/", stand, tell_by="email")
    _back(client, f"{page}need/", stand, kind="large_print")
    Adjustment.objects.update(review_on="2026-12-01")
    _back(client, f"{page}still/", stand, need=which(Adjustment))
    _back(client, f"{page}over/", stand, need=which(Adjustment))
    _back(client, f"{page}post/", stand, address="3 High Street\nPershore", postcode="WR10 1AA")
    said = text(client.post(f"{page}stop/", {"key": new_key(), "point": phone}, follow=True))
    assert FOR_GOOD["telling:stop"] in said


def test_two_who_were_merged_are_two_again(world: World, client_for: Any) -> None:
    client = client_for(world.administrator)
    one = enquiry_of(ask(words="Something is broken", sender=SAM)).person
    twin = Sender(name="Sam Stone", email="s@stone.uk")
    other = enquiry_of(ask(words="A lamp", sender=twin)).person
    assert one is not None
    assert other is not None
    run_outbox()
    stand = _known(world, other)

    def who() -> Any:
        return _all(Person, ContactPoint), list(Enquiry.objects.values_list("pk", "person_id"))

    before = who()
    page = f"/desk/people/{one.public_id}/same/{other.public_id}/"
    data = {"key": new_key(), "name": "kept", "email": "kept", "words": "They said so"}
    undo = _last(client.post(page, data, follow=True))
    assert Person.objects.get(pk=other.pk).merged_into_id == one.pk
    client.post(f"/desk/undo/{undo.public_id}/")
    run_outbox()
    assert Person.objects.get(pk=other.pk).merged_into_id is None
    assert who() == before
    _back(client, f"{page}apart/", stand)


def test_what_is_done_in_a_contact(world: World, client_for: Any) -> None:
    client = client_for(world.agent)
    colleague = somebody(world)
    case = enquiry_of(ask(service=None, words="Something is broken", sender=SAM))
    run_outbox()

    def stand() -> Any:
        return _all(Contact, AboutOffer, Acting, ContactItem, Callback), stands()

    first = open_contact(client)
    here = open_contact(client)
    _back(client, f"{here}person/", stand, person=str(_person(case).public_id))
    offered = [f"{case.reference}:person"]
    _back(client, f"{here}none-of-these/", stand, offered=offered)
    _back(client, f"{here}about/", stand, about=case.reference, kind="chase", words="Again",
          avoidable="")  # fmt: skip
    _back(client, f"{here}park/", stand)
    _back(client, f"{here}go-on/", stand)
    _back(client, f"{first}go-on/", stand)
    client.post(f"{here}go-on/")
    before = stand()
    data = {"to": f"person:{colleague.pk}", "words": "Wants to know when", "how": "warm"}
    undo = _last(client.post(f"{here}hand-over/", {"key": new_key(), **data}, follow=True))
    client.post(f"/desk/undo/{undo.public_id}/")
    assert stand() == before
    assert "wants to know" not in text(client_for(colleague).get("/desk/contact/")).lower()
    client.post(f"{here}hand-over/", {"key": new_key(), **data})
    undo = _last(client.post(f"{here}take-back/", follow=True))
    client.post(f"/desk/undo/{undo.public_id}/")
    assert "Wants to know" in text(client_for(colleague).get("/desk/contact/"))


def test_a_file_of_a_partner_is_taken_back(world: World, client_for: Any) -> None:
    enquiry_of(ask(words="Something is broken", sender=SAM))
    run_outbox()
    referral = Referral.objects.get()
    client = client_for(world.officer)
    page = f"/desk/referrals/{referral.public_id}/"
    file = SimpleUploadedFile("lamp.png", picture(), content_type="image/png")
    _back(client, f"{page}attach/", lambda: (_all(Attachment), stands()), file=file, seen_by="hub")


def test_a_file_of_the_hub_is_taken_back_before_anybody_is_told(
    world: World, client_for: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = enquiry_of(ask(words="Something is broken", sender=SAM))
    run_outbox()
    page = f"/desk/cases/{case.reference}/"
    file = SimpleUploadedFile("lamp.png", picture(), content_type="image/png")
    client, told = client_for(world.agent), Notification.objects.filter(event="replied")

    def stand() -> Any:
        return _all(Attachment), stands()

    _back(client, f"{page}attach/", stand, file=file, seen_by="public")
    assert "(taken back) File added" in text(client.get(page))
    run_outbox()
    assert [one.state for one in told] == ["overtaken"]


def test_what_may_be_spam_is_decided_again(world: World, client_for: Any) -> None:
    client, case = client_for(world.agent), held()

    def stand() -> Any:
        return _all(Holding), stands()

    said = _back(client, f"/desk/holding/{case.reference}/spam/", stand)
    assert "has ended as spam" in said
    _back(client, f"/desk/holding/{case.reference}/not-spam/", stand)
    other = held("Another", external_id="b")
    _back(client, f"/desk/holding/{other.reference}/genuine/", stand)
    # What was promised and taken back was not done; what was done for good is.
    run_outbox()
    other.refresh_from_db()
    assert other.status != "new"


def test_who_is_to_be_rung(world: World, client_for: Any) -> None:
    client = client_for(world.agent)
    here = open_contact(client)

    def stand() -> str:
        return _all(Contact, Callback)

    days = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', text(client.get(here)))
    _back(client, f"{here}ring-back/", stand, day=days[1], at="2:30pm", phone="07700 900123")
    page = f"/desk/callbacks/{Callback.objects.get().public_id}/"
    _back(client, f"{page}move/", stand, day=days[2], at="11:15")
    was, undo = stand(), _last(client.post(f"{page}call-off/", follow=True))
    assert not Callback.objects.exists()
    client.post(f"/desk/undo/{undo.public_id}/")
    assert stand() == was
    _back(client, f"{page}take/", stand)
    _back(client, f"{page}put-back/", stand)
    client.post(f"{page}take/")
    _back(client, f"{page}no-answer/", stand)
    client.post(f"{page}take/")
    undo = _last(client.post(f"{page}wrong-number/", follow=True))
    assert Callback.objects.get().closed_how == "wrong_number"
    client.post(f"/desk/undo/{undo.public_id}/")
    _back(client, f"{here}ring-back-off/", stand)
    client.post(f"{page}take/")
    undo = _last(client.post(f"{page}no-answer/", follow=True))
    Callback.objects.update(taken_at=timezone.now())
    told = text(client.post(f"/desk/undo/{undo.public_id}/", follow=True))
    assert "The callback has gone on since" in told


def test_the_other_acts_on_a_case(world: World, client_for: Any) -> None:
    client = client_for(world.agent)
    case = enquiry_of(ask(words="The lamp is out", sender=SAM, service="pothole"))
    run_outbox()
    page = f"/desk/cases/{case.reference}/"

    def stand() -> Any:
        return _all(PublicNote, Task, Watch), stands()

    _back(client, f"{page}watch/", stand)
    _back(client, f"{page}unwatch/", stand)
    _back(client, f"{page}tasks/", stand, words="Ring them", due_on="", who="", do="add")
    task = str(Task.objects.get().public_id)
    _back(client, f"{page}tasks/", stand, task=task, do="done")
    _back(client, f"{page}tasks/", stand, task=task, do="undone")
    _back(client, f"{page}neighbours/", stand, words="A lamp that is out")
    _back(client, f"{page}take/", stand)
    _back(client, f"{page}put-back/", stand)
    _back(client, f"{page}resolve/", stand, outcome="completed", words="Done", next_step="")
    _back(client, f"{page}reopen/", stand, words="It is not")
    said = text(client.get(page))
    assert "added a task: Ring them" in said


def test_nothing_that_is_taken_back_is_done_by_a_worker_after_all(
    world: World, client_for: Any
) -> None:
    client = client_for(world.agent)
    case = enquiry_of(ask(service=None, words="Something is broken", sender=SAM))
    run_outbox()
    before = stands()
    data = {"key": new_key(), "organisation": "wychavon", "reason": "Theirs"}
    undo = _last(client.post(f"/desk/cases/{case.reference}/refer/", data, follow=True))
    client.post(f"/desk/undo/{undo.public_id}/")
    run_outbox()
    assert stands() == before
    assert not Undo.objects.filter(undone_at=None, until__gt=timezone.now()).exists()
