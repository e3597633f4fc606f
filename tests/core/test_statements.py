"""Statements that are made once say what Django's own would, whatever they are run with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, OuterRef, Subquery, Value
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, Team
from core.statements import NOW, Given, change, columns, objects, statement
from enquiries.models import Enquiry
from tests.world import NOW as TODAY
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db


def _due(now: Any, owner: Any) -> Any:
    rows = Enquiry.objects.filter(received_at__gt=now - timedelta(hours=1)).order_by("pk")
    first = rows.exclude(owner_id=owner).values_list("reference", "received_at", Value(1))
    return first[:9].union(rows.none().values_list("reference", "received_at", Value(2)))


def test_a_statement_is_made_once_and_run_with_other_values(world: World) -> None:
    for number in range(3):
        ask(words=f"Number {number}")
    made = statement(_due(NOW, Given("owner", BigIntegerField())))
    owners = [0, *Organisation.objects.values_list("pk", flat=True)]
    found = set()
    for now in (TODAY, TODAY + timedelta(days=400)):
        for owner in owners:
            rows = made.rows(now=now, owner=owner)
            assert rows == list(_due(now, owner))
            found.add(len(rows))
    assert len(found) > 1
    with pytest.raises(KeyError):
        made.rows(now=TODAY)
    assert statement(Enquiry.objects.none().values_list("pk")).rows() == []


def test_what_is_looked_up_for_each_row_reads_as_django_reads_it(world: World) -> None:
    Team.objects.update(calendar={"days": [1, 2]})
    same = Organisation.objects.filter(pk=OuterRef("organisation_id"))
    said = {"whose": Subquery(same.values("name")), "hours": Subquery(same.values("calendar"))}
    made = columns(Team.objects.annotate(**said).values(*said))
    ours = statement(Team.objects.annotate(**made).values_list("pk", "calendar", *made)).rows()
    assert ours == list(Team.objects.annotate(**said).values_list("pk", "calendar", *said))
    assert isinstance(ours[0][1], dict)


def test_rows_of_a_model_read_as_django_reads_them(world: World) -> None:
    reference = ask(words="A lamp").enquiries[0].reference
    Team.objects.update(calendar={"days": [1, 2]})
    named = Subquery(Organisation.objects.filter(pk=OuterRef("owner_id")).values("name"))
    cases = Enquiry.objects.select_related("owner", "team", "first_contact__site")
    one = cases.defer("address").annotate(owned_by=named)
    made = objects(one.filter(reference=Given("reference", CharField())))
    (ours,), theirs = made.rows(reference=reference), one.get(reference=reference)
    assert made.rows(reference="WH0-0000-00") == []
    assert vars(ours).keys() == vars(theirs).keys()
    fields = [field.attname for field in Enquiry._meta.concrete_fields if field.name != "address"]
    assert [getattr(ours, name) for name in fields] == [getattr(theirs, name) for name in fields]
    assert ours.get_deferred_fields() == {"address"}
    assert (ours.owner, ours.team) == (theirs.owner, theirs.team)
    assert ours.first_contact.started_at == theirs.first_contact.started_at
    assert vars(ours)["owned_by"] == vars(theirs)["owned_by"]
    assert objects(Team.objects.none()).rows() == []
    with CaptureQueriesContext(connection) as asked:
        assert ours.first_contact.site == theirs.first_contact.site
    assert not asked.captured_queries


def test_a_prepared_statement_is_planned_once_and_says_what_django_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(words="100% of it, or 50%")
    rows = Enquiry.objects.filter(description__contains="0% of", version__gt=0)
    made = statement(
        rows.filter(owner_id=Given("owner", BigIntegerField())).values_list("reference", Value(1)),
        prepared=True,
    )
    owners = [0, 2**40, *Organisation.objects.values_list("pk", flat=True)]

    def said() -> list[list[Any]]:
        return [made.rows(owner=owner) for owner in owners]

    def kept() -> int:
        with connection.cursor() as cursor:
            asked = made.text.replace("%s", "$1").replace("%%", "%")
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [asked]
            )
            return int(cursor.fetchone()[0])

    theirs = [list(rows.filter(owner_id=pk).values_list("reference", Value(1))) for pk in owners]
    assert any(theirs)
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert (said(), kept()) == (theirs, 0)
    monkeypatch.setattr(connection.connection, "prepare_threshold", 1_000_000)
    assert (said(), kept()) == (theirs, 1)
    with CaptureQueriesContext(connection) as asked:
        assert said() == theirs
    assert str(owners[-1]) in asked.captured_queries[-1]["sql"]


def test_a_change_is_made_once_and_changes_what_django_would(world: World) -> None:
    first, second = (enquiry_of(ask(words=words)).pk for words in ("A lamp", "A bin"))
    rows = Enquiry.objects.filter(pk=Given("pk", BigIntegerField()), priority="normal")
    made = change(rows, postcode=Given("postcode", CharField()), priority="urgent")
    assert made.run(pk=first, postcode="WR1 1AA") == 1
    assert made.run(pk=second, postcode="100%s") == 1
    assert made.run(pk=second, postcode="WR1 1AA") == 0
    with CaptureQueriesContext(connection) as captured:
        assert made.run(pk=0, postcode="WR1 1AA") == 0
    assert len(captured) == 1
    found = Enquiry.objects.filter(pk__in=[first, second]).order_by("pk")
    assert list(found.values_list("postcode", "priority")) == [
        ("WR1 1AA", "urgent"),
        ("100%s", "urgent"),
    ]
    with pytest.raises(KeyError):
        made.run(pk=first)
