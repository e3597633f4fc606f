from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEvent

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANN = audit.Actor("staff", 7, "Ann Agent", 3)

SWAP = """
    UPDATE core_auditevent a SET target = b.target FROM core_auditevent b
    WHERE (a.sequence, b.sequence) IN ((2, 4), (4, 2))"""
INSERT = """
    UPDATE core_auditevent SET sequence = sequence + 100 WHERE sequence > 3;
    INSERT INTO core_auditevent
        (at, action, actor_kind, actor_name, target, data, sequence, digest)
        SELECT at, action, actor_kind, 'Eve', target, data, 4, digest
        FROM core_auditevent WHERE sequence = 3;
    UPDATE core_auditevent SET sequence = sequence - 99 WHERE sequence > 100"""

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    for number in range(count):
        audit.record(
            "enquiry.viewed", actor=ANN, target=f"enquiry:{number}", at=NOW, data={"n": number}
        )


def tamper(sql: str) -> None:
    """What somebody with the keys of the database could do: switch the trigger off first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_audit_append_only")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER core_audit_append_only")


def test_a_line_says_who_did_what_to_what():
    audit.record(
        "person.viewed", actor=ANN, target="person:1", at=NOW, data={"on": date(2026, 1, 2)}
    )
    line = AuditEvent.objects.get()
    assert (line.actor_kind, line.actor_id, line.actor_name, line.organisation_id) == (
        "staff", 7, "Ann Agent", 3,
    )  # fmt: skip
    assert line.data == {"on": "2026-01-02"}
    assert line.sequence is None


def test_a_sealed_trail_verifies_and_goes_on_where_it_stopped():
    write(3)
    assert audit.seal(now=NOW) == 3
    write(2)
    assert audit.seal(now=NOW) == 2
    assert audit.seal(now=NOW) == 0
    assert audit.head().sequence == 5
    assert audit.verify(anchor=audit.head()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditevent SET target = 'x'",
        "UPDATE core_auditevent SET actor_id = NULL, sequence = 9",
        "DELETE FROM core_auditevent",
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_the_database_refuses_to_change_the_trail(sql: str, sealed: bool):
    write(1)
    if sealed:
        audit.seal(now=NOW)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE core_auditevent SET target = 'x' WHERE sequence = 3", "link 3 does not follow"),
        ("DELETE FROM core_auditevent WHERE sequence = 3", "link 3 is missing"),
        (SWAP, "link 2 does not follow"),
        (INSERT, "link 4 does not follow"),
    ],
)
def test_edits_deletions_swaps_and_insertions_are_named(sql: str, words: str):
    write(5)
    audit.seal(now=NOW)
    tamper(sql)
    assert any(fault.words.startswith(words) for fault in audit.verify())


def test_a_cut_tail_and_a_rewritten_trail_show_against_an_anchor():
    write(5)
    audit.seal(now=NOW)
    anchor = audit.head()
    tamper("DELETE FROM core_auditevent WHERE sequence > 3")
    assert audit.verify() == []
    assert [f.words for f in audit.verify(anchor=anchor)] == ["the chain ends before link 5"]
    tamper("UPDATE core_auditevent SET sequence = NULL, digest = '', actor_name = 'Eve'")
    write(2)
    audit.seal(now=NOW)
    assert audit.verify() == []
    assert [f.words for f in audit.verify(anchor=anchor)] == ["link 5 is not the one in the anchor"]


def test_the_command_says_ok_or_names_the_fault():
    write(2)
    audit.seal(now=NOW)
    head = audit.head()
    out = StringIO()
    call_command("audit_verify", anchor=f"{head.sequence}:{head.digest}", stdout=out)
    assert out.getvalue().startswith("ok: 2 links")
    tamper("UPDATE core_auditevent SET target = 'x' WHERE sequence = 2")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("audit_verify", stdout=out)
    assert "link 2 does not follow" in out.getvalue()
