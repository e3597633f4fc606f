"""The editor's pages: from a draft to what is live and back, and what becomes of stale forms."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from enquiries.queries import versions
from tests.desk.steps import SCRIPT, new_key, text
from tests.routing.steps import ROOT, add_motorway, draft, hidden, numbers
from tests.world import World, ask


def test_from_a_draft_to_live_and_back(admin: Client) -> None:
    ask(service="pothole")
    address = draft(admin)
    assert add_motorway(admin, address).status_code == 303
    listed = text(admin.get(address))
    assert "Which road is it on? A motorway" in listed
    assert "National Highways" in listed
    assert "Not ours" in listed

    page = admin.get(f"{address}publish/")
    assert "0 would go to somebody else" in text(page)
    assert "1 rule added" in text(page)
    data = {**hidden(page), "name": "The M5 is not ours", "when": "now"}
    assert admin.post(f"{address}publish/", data)["Location"] == ROOT
    overview = text(admin.get(ROOT))
    assert "The M5 is not ours" in overview
    assert "1 added" in overview
    assert "published" in overview

    page = admin.get(f"{ROOT}undo/")
    assert "What version 1 says goes live at once" in text(page)
    again = {**hidden(page)}
    assert admin.post(f"{ROOT}undo/", again).status_code == 303
    assert "Back to version 1" in text(admin.get(ROOT))
    assert admin.post(f"{ROOT}undo/", again).status_code == 303
    assert numbers() == [1, 2, 3]
    assert versions.changes(1, 3).none
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"rules.draft_made", "rules.rule_added", "rules.published", "rules.undone"} <= actions


def test_a_form_that_is_sent_twice_does_its_work_once(admin: Client) -> None:
    data = {"key": new_key(), "based_on": 1, "name": "Once"}
    for _ in range(2):
        assert admin.post(f"{ROOT}drafts/", data).status_code == 303
    assert numbers() == [1, 2]
    key = new_key()
    for _ in range(2):
        assert add_motorway(admin, f"{ROOT}2/", key=key).status_code == 303
    assert len(versions.rows(2)) == 4


def test_what_is_typed_wrongly_comes_back_with_every_word(admin: Client) -> None:
    address = draft(admin)
    answer = add_motorway(
        admin,
        address,
        owner="",
        note=SCRIPT,
        valid_from="2027-02-01",
        valid_until="2027-01-01",
        languages="English",
        before="99",
    )
    assert answer.status_code == 200
    said = text(answer)
    assert "Choose who acts" in said
    assert "The last day must not be before the first" in said
    assert "“English” is no language" in said
    assert "<script>alert(1)" not in said
    assert 'value="motorway" checked' in said
    assert "There is no rule 99" in text(add_motorway(admin, address, before="99"))
    assert len(versions.rows(2)) == 3


def test_a_rule_is_changed_moved_and_deleted(admin: Client) -> None:
    address = draft(admin)
    add_motorway(admin, address)
    page = admin.get(f"{address}rules/5/")
    assert "Rule 5" in text(page)
    data = {**hidden(page), "owner": "worcester-city/front", "area_code": "E07000237"}
    assert admin.post(f"{address}rules/5/", data).status_code == 303
    found = versions.rows(2)[0]
    assert (found.organisation, found.team, found.answers, found.note) == (
        "worcester-city",
        "front",
        (),
        "",
    )
    page = admin.get(f"{address}rules/5/move/")
    assert admin.post(f"{address}rules/5/move/", {**hidden(page), "before": ""}).status_code == 303
    assert [row.position for row in versions.rows(2)] == [10, 20, 30, 40]
    page = admin.get(f"{address}rules/40/delete/")
    assert admin.post(f"{address}rules/40/delete/", hidden(page)).status_code == 303
    assert [row.position for row in versions.rows(2)] == [10, 20, 30]
    assert admin.get(f"{address}rules/40/").status_code == 404


def test_who_edits_second_is_shown_the_first_and_loses_no_word(admin: Client) -> None:
    address = draft(admin)
    first, second = (admin.get(f"{address}rules/10/") for _ in range(2))
    theirs = {**hidden(first), "owner": "worcestershire-county", "note": "Theirs"}
    mine = {
        **hidden(second),
        "owner": "worcestershire-county",
        "note": "Mine",
        "priority": "urgent",
    }
    assert admin.post(f"{address}rules/10/", theirs).status_code == 303
    answer = admin.post(f"{address}rules/10/", mine)
    assert answer.status_code == 200
    said = text(answer)
    assert "A colleague changed this rule while you worked on it" in said
    assert "Theirs" in said
    assert 'value="Mine"' in said
    assert versions.rows(2)[0].note == "Theirs"
    assert admin.post(f"{address}rules/10/", {**mine, **hidden(answer)}).status_code == 303
    found = versions.rows(2)[0]
    assert (found.note, found.priority) == ("Mine", "urgent")


def test_a_rule_that_a_colleague_deleted_can_be_put_back(admin: Client) -> None:
    address = draft(admin)
    page = admin.get(f"{address}rules/10/")
    gone = admin.get(f"{address}rules/10/delete/")
    admin.post(f"{address}rules/10/delete/", hidden(gone))
    mine = {**hidden(page), "owner": "worcestershire-county", "note": "Mine"}
    answer = admin.post(f"{address}rules/10/", mine)
    assert "A colleague deleted this rule" in text(answer)
    assert admin.post(f"{address}rules/10/", {**mine, **hidden(answer)}).status_code == 303
    assert [row.note for row in versions.rows(2)].count("Mine") == 1


def test_what_was_published_meanwhile_is_said_and_no_word_is_lost(admin: Client) -> None:
    address = draft(admin)
    page = admin.get(f"{address}rules/10/")
    look = admin.get(f"{address}publish/")
    admin.post(f"{address}publish/", {**hidden(look), "name": "Now", "when": "now"})
    mine = {**hidden(page), "owner": "worcestershire-county", "note": "Mine"}
    answer = admin.post(f"{address}rules/10/", mine)
    assert "Version 2 was published by Adam Admin" in text(answer)
    assert 'value="Mine"' in text(answer)
    assert admin.get(f"{address}rules/10/")["Location"] == f"{address}?text=10"


def test_publishing_shows_first_what_went_live_meanwhile(admin: Client) -> None:
    mine, theirs = draft(admin), draft(admin)
    add_motorway(admin, theirs)
    look = admin.get(f"{mine}publish/")
    page = admin.get(f"{theirs}publish/")
    admin.post(f"{theirs}publish/", {**hidden(page), "name": "Theirs", "when": "now"})
    answer = admin.post(f"{mine}publish/", {**hidden(look), "name": "Mine", "when": "now"})
    said = text(answer)
    assert "Version 3 went live meanwhile" in said
    assert "would be undone" in said
    assert "Version 3 went live after this was made" in text(admin.get(mine))
    data = {**hidden(answer), "name": "Mine", "when": "now"}
    assert admin.post(f"{mine}publish/", data).status_code == 303
    assert versions.live_number(timezone.now()) == 2


def test_a_version_waits_for_its_time_and_is_called_back(admin: Client) -> None:
    address = draft(admin)
    page = admin.get(f"{address}publish/")
    data = {**hidden(page), "name": "From Monday", "when": "later"}
    assert "Enter the day when it goes live" in text(admin.post(f"{address}publish/", data))
    spring = {**data, "day": "2027-03-28", "time": "01:30"}
    assert "The clocks leave this hour out" in text(admin.post(f"{address}publish/", spring))
    past = {**data, "day": "2020-01-01", "time": "07:30"}
    assert "This time has passed" in text(admin.post(f"{address}publish/", past))
    day = (timezone.localtime() + timedelta(days=3)).date()
    good = {**data, "day": str(day), "time": "07:30"}
    assert admin.post(f"{address}publish/", good).status_code == 303
    found = versions.version(2, timezone.now())
    assert found.state == "waiting"
    assert found.live_from is not None
    assert f"{timezone.localtime(found.live_from):%Y-%m-%d %H:%M}" == f"{day} 07:30"
    assert "Goes live" in text(admin.get(ROOT))
    assert admin.post(f"{address}call-back/").status_code == 303
    assert versions.version(2, timezone.now()).is_draft
    assert "is a draft already" in text(admin.post(f"{address}call-back/", follow=True))


def test_who_would_move_is_listed_with_both_reasons(admin: Client) -> None:
    one = ask(service="pothole", postcode="WR1 3EZ").enquiries[0].reference
    address = draft(admin)
    add_motorway(admin, address, answer_road=[], owner="wychavon/front")
    said = text(admin.get(f"{address}compare/"))
    assert "1 would go to somebody else" in said
    assert f'href="/desk/cases/{one}/"' in said
    assert "Pothole belongs to Worcestershire County Council (rule 10)" in said
    assert "Pothole belongs to Wychavon District Council, Front desk (rule 5)" in said
    found = re.search(r'href="([^"]+compare/\?from=[^"]+)"', said)
    assert found
    assert one in text(admin.get(unescape(found[1])))
    none = text(admin.get(f"{address}compare/?from=a&to=b"))
    assert "None of the last enquiries would move like that" in none


def test_gaps_and_rules_that_never_decide_lead_to_what_mends_them(admin: Client) -> None:
    address = draft(admin)
    add_motorway(admin, address, answer_road=[], owner="wychavon")
    add_motorway(admin, address, before="10")
    said = text(admin.get(f"{address}checks/"))
    assert "Allotments" in said
    assert f"{address}rules/new/?about=allotments" in said
    assert "Rule 5 comes first and takes all of it" in said
    assert f'href="{address}rules/7/"' in said
    assert "Never decides" in text(admin.get(address))
    found = re.search(r'href="([^"]+rules/new/\?about=allotments[^"]*)"', said)
    assert found
    assert "Allotments" in text(admin.get(unescape(found[1])))


def test_rules_are_found_by_service_area_owner_and_words(admin: Client) -> None:
    address = draft(admin)
    add_motorway(admin, address)

    def shown(query: str) -> list[str]:
        page = text(admin.get(f"{address}?{query}"))
        return re.findall(r'id="rule-(\d+)"', page)

    assert shown("") == ["5", "10", "20", "30"]
    assert shown("service=pothole") == ["5", "10"]
    assert shown("service=missed-bin&area=E05007940") == ["20"]
    assert shown("area=E07000237") == ["5", "10", "30"]
    assert shown("owner=wychavon") == ["20"]
    assert shown("owner=outside.national-highways") == ["5"]
    assert shown("text=trunk+roads") == ["5"]
    assert shown("text=20") == ["20"]
    assert shown("text=nothing+like+it") == []
    assert "No rule is like that" in text(admin.get(f"{address}?text=nothing"))


def test_a_draft_is_thrown_away(admin: Client) -> None:
    address = draft(admin)
    page = admin.get(f"{address}discard/")
    for _ in range(2):
        assert admin.post(f"{address}discard/", hidden(page))["Location"] == ROOT
    assert admin.get(address).status_code == 404
    assert numbers() == [1]


def test_only_administrators_of_the_hub_open_the_editor(world: World, client_for: Any) -> None:
    pages = [
        ROOT,
        f"{ROOT}undo/",
        *(f"{ROOT}1/{page}" for page in ("", "checks/", "changes/", "compare/", "rules.csv")),
        *(f"{ROOT}1/{page}" for page in ("upload/", "publish/", "discard/", "rules/10/")),
        "/desk/settings/outside/",
    ]
    for user in (world.agent, world.manager, world.officer, world.outsider):
        client = client_for(user)
        for page in pages:
            assert client.get(page).status_code == 404, page
            assert client.post(page, {}).status_code == 404, page
    assert numbers() == [1]


def test_what_is_no_version_is_not_there(admin: Client) -> None:
    for page in ("7/", "x/", "99999999999999/", "7/checks/", "1/rules/x/", "1/changes/?against=9"):
        answer = admin.get(f"{ROOT}{page}")
        # A rule of a published version is shown in its list.
        assert answer.status_code == 404, page
    assert admin.get(f"{ROOT}1/publish/").status_code == 404
    assert admin.get(f"{ROOT}1/upload/").status_code == 404
    assert admin.get(f"{ROOT}undo/").status_code == 404
