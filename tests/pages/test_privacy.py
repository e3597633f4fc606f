"""Privacy notices are made from the register of purposes, one for each service."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

import kb.queries
from core.sheets import Check
from kb import purposes
from kb.models import Purpose, Service
from tests.search.payloads import PAYLOADS

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def own_of(service: Service) -> Purpose:
    own = purposes.of(service).own
    assert own is not None
    return own


def test_every_live_service_has_a_purpose_of_its_own_subject(partnership: None) -> None:
    services = kb.queries.services()
    assert len(services) >= 80
    assert purposes.without(services) == []
    # The line for whatever no other names is for services to come: none of today's needs it.
    rest = [one.slug for one in services if own_of(one).slug == "enquiries"]
    assert rest == []


def test_each_service_says_why_who_and_how_long(client: Client, partnership: None) -> None:
    for service in kb.queries.services():
        words = page(client, f"/privacy/{service.slug}/")
        notice = purposes.of(service)
        for one in (own_of(service), *notice.beside):
            assert f'id="for-{one.slug}"' in words
        assert words.count("How long it is kept") == 1 + len(notice.beside)
        assert "This is a proposal" in words
    assert "Part 3 of the Data Protection Act 2018" in page(client, "/privacy/report-crime/")


def test_the_general_notice_leads_to_each_service(client: Client, partnership: None) -> None:
    words = page(client, "/privacy/")
    for service in kb.queries.services():
        assert f'href="/privacy/{service.slug}/"' in words


def test_a_service_is_looked_up_by_itself_then_by_its_group(partnership: None) -> None:
    own = Purpose.objects.get(slug="waste")
    Purpose.objects.create(
        slug="needles", name="Needles", services=["clinical-waste"], words="x", uses="x",
        lawful_basis="x", recipients="x", retention="x", is_proposal=False,
    )  # fmt: skip
    assert own_of(Service.objects.get(slug="clinical-waste")).slug == "needles"
    assert purposes.of(Service.objects.get(slug="missed-bin")).own == own
    Service.objects.filter(slug="missed-bin").update(group="Something new")
    assert own_of(Service.objects.get(slug="missed-bin")).slug == "enquiries"


def test_a_service_without_any_says_so(client: Client, partnership: None) -> None:
    Purpose.objects.all().delete()
    assert "not written down yet" in page(client, "/privacy/pothole/")
    assert "How we look after" in page(client, "/privacy/")


def test_the_table_says_all_that_is_wrong_at_once(partnership: None, tmp_path: Path) -> None:
    text = (settings.BASE_DIR / "reference/purposes.csv").read_text("utf-8")
    lines = text.splitlines()
    lines[2] = lines[2].replace("Streets and litter", "Bins and recycling;No such group", 1)
    bad = tmp_path / "purposes.csv"
    bad.write_text("\n".join(one for one in lines if not one.startswith("enquiries,")), "utf-8")
    check = Check()
    groups = {one.group for one in kb.queries.services()}
    purposes.rows(bad, check, groups, set())
    words = "\n".join(map(str, check.problems))
    assert 'no group "No such group"' in words
    assert "has a purpose already" in words
    assert "no line holds for the other services" in words
    before = list(Purpose.objects.values_list("slug", flat=True))
    with pytest.raises(CommandError):
        call_command("import_purposes", str(bad))
    assert list(Purpose.objects.values_list("slug", flat=True)) == before


@pytest.mark.parametrize("payload", PAYLOADS[:12])
def test_an_address_that_is_no_service_is_not_there(
    client: Client, partnership: None, payload: str
) -> None:
    from urllib.parse import quote

    assert client.get(f"/privacy/{quote(payload, safe='')}/").status_code in (404, 301)
    assert client.get("/privacy/", {"x": payload}).status_code == 200
