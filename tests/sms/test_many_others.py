"""What a text costs when there are many enquiries of other people."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enquiries.inbound import Sender
from enquiries.models import Contact, ContactItem, Enquiry
from enquiries.queries import suggestions, texted, texting
from tests.world import ask, enquiry_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PHONE, OTHERS, FIRST = "+447700900123", 20_000, 1_000_000
_OTHER = {"id": f"{FIRST} + g", "public_id": "gen_random_uuid()"}


def copies(model: type[Model], **other: str) -> None:
    """Many more like the newest row, other in some columns."""
    names = [str(one.column) for one in model._meta.concrete_fields]
    given = {name: value for name, value in {**_OTHER, **other}.items() if name in names}
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(given.get(name, f'"{name}"') for name in names)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values}"
            f" FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) one,"
            f" generate_series(1, {OTHERS}) g"
        )
        cursor.execute(f"ANALYZE {table}")


@pytest.mark.parametrize("phone", [PHONE, "+447700900999"])
def test_all_that_is_asked_of_a_telephone_is_found_without_looking_through_all(phone: str) -> None:
    mine = enquiry_of(ask(sender=Sender(name="Jo Bloggs", phone=PHONE), tell_by="sms"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    digest, ago = "md5(g::text)", "- g * interval '1 second'"
    copies(Contact, external_id="'x' || g", address_hash=digest, thread=digest)
    copies(
        Enquiry, reference="'X' || g", secret="'s' || g", first_contact_id=f"{FIRST} + g",
        person_id="NULL", tell_to=digest, received_at=f"received_at {ago}",
    )  # fmt: skip
    copies(ContactItem, contact_id=f"{FIRST} + g", enquiry_id=f"{FIRST} + g", at=f"at {ago}")
    now = timezone.now()
    with CaptureQueriesContext(connection) as asked:
        texting.latest(phone, now=now)
        texting.written_to(phone, now=now)
        texting.open_services(phone)
        texting.language_of(phone)
        texted.about_beside(texting.thread_of(phone), at=now)
        suggestions.open_services(mine)
    assert len(asked) > 6
    for one in list(asked.captured_queries):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {one['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        for table in (Contact, Enquiry, ContactItem):
            assert f"Seq Scan on {table._meta.db_table} " not in plan, f"{one['sql']}\n{plan}"
