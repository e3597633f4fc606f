"""Rules out and in as a table, and bodies outside the partnership, through the pages."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import OutsideBody
from core.models import AuditEvent
from enquiries.queries import versions
from enquiries.rule_rows import as_table
from tests.desk.steps import new_key, text
from tests.routing.rules import rule
from tests.routing.steps import add_motorway, draft, hidden


def test_the_table_goes_out_and_in_again_as_it_was(admin: Client) -> None:
    address = draft(admin)
    add_motorway(admin, address)
    before = versions.rows(2)
    answer = admin.get(f"{address}rules.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="rules-version-2.csv"' in answer["Content-Disposition"]
    page = admin.get(f"{address}upload/")
    file = SimpleUploadedFile("rules.csv", answer.content)
    said = admin.post(f"{address}upload/", {**hidden(page), "table": file}, follow=True)
    assert "4 rules are in the draft: nothing changed" in text(said)
    assert versions.rows(2) == before


def test_a_table_with_mistakes_changes_nothing_and_names_them_all(admin: Client) -> None:
    address = draft(admin)
    before = versions.rows(2)
    page = admin.get(f"{address}upload/")
    content = as_table([rule(10, organisation="nobody"), rule(20, area_code="E9")])
    file = SimpleUploadedFile("rules.csv", content.encode())
    said = text(admin.post(f"{address}upload/", {**hidden(page), "table": file}))
    assert "2 problems, so nothing was changed" in said
    assert "there is no organisation &quot;nobody&quot;" in said
    assert "Use one of: hub, worcester-city" in said
    assert "there is no area &quot;E9&quot;" in said
    assert versions.rows(2) == before
    assert "Choose a file" in text(admin.post(f"{address}upload/", hidden(page)))


def test_a_table_over_what_a_colleague_edited_is_refused(admin: Client) -> None:
    address = draft(admin)
    page = admin.get(f"{address}upload/")
    add_motorway(admin, address)
    file = SimpleUploadedFile("rules.csv", as_table([rule(10)]).encode())
    answer = admin.post(f"{address}upload/", {**hidden(page), "table": file})
    assert "A colleague changed version 2 meanwhile" in text(answer)
    assert len(versions.rows(2)) == 4


def test_bodies_outside_are_added_and_changed_and_each_is_audited(admin: Client) -> None:
    root = "/desk/settings/outside/"
    data = {
        "key": new_key(),
        "name": "Canal & River Trust",
        "kind": "water",
        "phone": "0303 040 4040",
        "url": "canalrivertrust.org.uk",
        "hand_off": "Ring\nthem",
    }
    for _ in range(2):
        assert admin.post(root, data).status_code == 303
    body = OutsideBody.objects.get(slug="canal-river-trust")
    assert (body.url, body.hand_off) == ("https://canalrivertrust.org.uk", "Ring them")
    assert "already" in text(admin.post(root, {**data, "key": new_key()}))
    assert "Write what citizens are told" in text(
        admin.post(root, {**data, "key": new_key(), "hand_off": ""})
    )
    page, same = (hidden(admin.get(f"{root}{body.slug}/")) for _ in range(2))
    change = {**data, **page, "phone": "0303 040 4041"}
    assert admin.post(f"{root}{body.slug}/", change).status_code == 303
    refused = admin.post(f"{root}{body.slug}/", {**data, **same, "name": "Canals"})
    assert "As your colleague left it" in text(refused)
    assert "0303 040 4041" in text(refused)
    body.refresh_from_db()
    assert (body.phone, body.is_active) == ("0303 040 4041", False)
    line = AuditEvent.objects.get(action="outside.changed")
    assert line.data["was"] == {"phone": "0303 040 4040", "is_active": True}
    assert "Not used" in text(admin.get(root))
    assert admin.get(f"{root}nobody/").status_code == 404
