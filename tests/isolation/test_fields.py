"""Who reads which fields of an enquiry: the table of purposes, pure and through the queries."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from accounts.permissions import Viewer
from customers.queries import PersonRow
from enquiries.models import Enquiry, Referral
from enquiries.queries import fields
from enquiries.queries.fields import FIELDS, Field, Purpose, Reader
from kb.models import Service

JO = PersonRow(
    id=1,
    public_id=uuid4(),
    name="Jo Bloggs",
    address="1 High Street",
    postcode="WR11 3DA",
    phones=("+447700900123", "+447700900124"),
    emails=("jo@example.com", "jo2@example.com"),
)
ALL = {Field.WORDS, Field.PLACE, Field.NAME, Field.HOME, Field.ALL_WAYS}
LEAST = {Field.WORDS, Field.PLACE, Field.NAME, Field.ONE_WAY}


def viewer(kind: str = "district", *teams: int) -> Viewer:
    return Viewer("staff", 7, "Owen", 1, organisation_kind=kind, team_ids=frozenset(teams))


def referral(
    status: str,
    *,
    ended: bool = False,
    location: str = "map",
    subject: str = "place",
    sensitive: bool = False,
    team: int | None = 1,
    assignee: int | None = None,
) -> Referral:
    service = Service(location=location, subject=subject, sensitive=sensitive)
    enquiry = Enquiry(
        service=service,
        status="resolved" if ended else "in_progress",
        description="They live here",
        answers={"road": "A38"},
        postcode="WR11 3DA",
        address="1 High Street",
        uprn="100",
        easting=1,
        northing=2,
        latitude=52.0,
        longitude=-2.0,
        secret="secret",
    )
    return Referral(enquiry=enquiry, status=status, team_id=team, assignee_id=assignee)


@pytest.mark.parametrize(
    ("kind", "status", "ended", "seen"),
    [
        ("district", "offered", False, {Field.WORDS, Field.PLACE}),
        ("district", "accepted", False, ALL),
        ("district", "completed", True, {Field.WORDS, Field.PLACE, Field.NAME}),
        ("district", "completed", False, {Field.WORDS}),
        ("district", "rejected", False, {Field.WORDS}),
        ("county", "accepted", False, ALL),
        ("town", "accepted", False, ALL),
        ("police", "offered", False, {Field.WORDS, Field.PLACE}),
        ("police", "accepted", False, LEAST),
        ("health", "accepted", False, LEAST),
        ("police", "completed", True, {Field.WORDS, Field.PLACE}),
        ("health", "withdrawn", False, {Field.WORDS}),
        ("police", "expired", False, {Field.WORDS}),
        ("district", "returned", False, {Field.WORDS}),
    ],
)
def test_the_purpose_decides_what_is_read(
    kind: str, status: str, *, ended: bool, seen: set[Field]
) -> None:
    assert fields.sight(viewer(kind), referral(status, ended=ended)).fields == seen


@pytest.mark.parametrize("kind", ["police", "health"])
@pytest.mark.parametrize(
    ("location", "subject", "told"),
    [
        ("map", "person", True),
        ("site", "person", True),
        ("address", "place", True),
        ("address", "person", False),
        ("none", "person", False),
    ],
)
def test_police_and_health_read_where_it_is_and_not_where_somebody_lives(
    kind: str, location: str, subject: str, *, told: bool
) -> None:
    row = referral("accepted", location=location, subject=subject)
    seen = fields.sight(viewer(kind), row)
    shown = fields.veil(row, seen).enquiry
    assert seen.of(Field.PLACE) is told
    assert (shown.address, shown.postcode) == (
        ("1 High Street", "WR11 3DA") if told else ("", "WR11")
    )
    assert (shown.latitude is None, shown.easting is None, shown.uprn == "") == (not told,) * 3


@pytest.mark.parametrize(
    ("teams", "assignee", "team", "reads"),
    [
        ((1,), None, 1, True),
        ((2,), None, 1, False),
        ((2,), 7, 1, True),
        ((2,), 8, 1, False),
        ((), None, 1, True),
        ((2,), None, None, True),
    ],
)
def test_sensitive_work_is_read_by_those_who_have_it_in_hand(
    teams: tuple[int, ...], assignee: int | None, team: int | None, *, reads: bool
) -> None:
    row = referral("accepted", sensitive=True, team=team, assignee=assignee)
    seen = fields.sight(viewer("district", *teams), row)
    assert seen.of(Field.WORDS) is reads
    shown = fields.veil(row, seen).enquiry
    assert (shown.description == "They live here") is reads
    assert (shown.answers == {}) is not reads
    assert fields.person(JO, seen) == (JO if reads else None)
    assert (seen.person_words == "") is reads


def test_a_veiled_enquiry_has_no_secret_and_is_never_saved() -> None:
    row = referral("accepted")
    shown = fields.veil(row, fields.sight(viewer(), row)).enquiry
    assert (shown.secret, shown.routing_reason) == ("", "")
    with pytest.raises(TypeError, match="may not see all of it"):
        shown.save()


@pytest.mark.parametrize(
    ("tell_by", "phones", "emails"),
    [
        ("sms", ("+447700900123",), ()),
        ("email", (), ("jo@example.com",)),
        ("", ("+447700900123",), ()),
    ],
)
def test_one_way_is_the_way_that_they_chose(
    tell_by: str, phones: tuple[str, ...], emails: tuple[str, ...]
) -> None:
    seen = fields.sight(viewer("police"), referral("accepted"))
    found = fields.person(JO, seen, tell_by)
    assert found == replace(JO, address="", postcode="", phones=phones, emails=emails)
    by_post = replace(JO, phones=())
    only = fields.person(by_post, seen, "sms")
    assert only is not None
    assert only.emails == ("jo@example.com",)


def test_what_has_ended_names_them_and_not_how_to_reach_them() -> None:
    seen = fields.sight(viewer(), referral("completed", ended=True))
    found = fields.person(JO, seen)
    assert found == replace(JO, address="", postcode="", phones=(), emails=())
    assert seen.reach_words == "It has ended: the hub speaks with them"


def test_every_purpose_says_what_each_reader_reads() -> None:
    for purpose in Purpose:
        assert set(FIELDS[purpose]) == {Reader.COUNCIL, Reader.LEAST}
        assert FIELDS[purpose][Reader.LEAST] <= FIELDS[purpose][Reader.COUNCIL] | {Field.ONE_WAY}


@pytest.mark.parametrize(
    ("postcode", "half"),
    [("WR11 3DA", "WR11"), ("WR113DA", "WR11"), ("WR1 3EZ", "WR1"), ("", ""), ("WR1", "")],
)
def test_half_a_postcode_says_which_part_of_the_county(postcode: str, half: str) -> None:
    assert fields.outward(postcode) == half
