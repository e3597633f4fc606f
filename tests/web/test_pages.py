"""Pages to read, tracking, and what is said when something goes wrong."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from enquiries.models import Enquiry
from hub import errors
from tests.web.conftest import EVESHAM, Visitor

PAGES = [
    "/",
    "/services/",
    "/services/pothole/",
    "/services/missed-bin/",
    "/answers/bin-not-emptied/",
    "/search/",
    "/search/?q=bin",
    "/search/?q=qqqqzzzz",
    "/ask/",
    "/ask/?q=bin",
    "/ask/?service=pothole",
    "/track/",
    "/accessibility/",
    "/privacy/",
    "/attribution/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_there_and_complete(visitor: Visitor, path: str) -> None:
    page = visitor.client.get(path)
    words = page.content.decode()
    assert page.status_code == 200
    assert words.count("<h1") == 1
    assert '<html lang="en-gb" dir="ltr"' in words
    for duty in ("/accessibility/", "/privacy/", "/attribution/", "Crown copyright"):
        assert duty in words


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_or_style_and_send_a_strict_policy(
    visitor: Visitor, path: str
) -> None:
    page = visitor.client.get(path)
    words = page.content.decode()
    assert " style=" not in words
    assert "<style" not in words
    assert "onclick=" not in words
    policy = page["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_search_finds_services_and_answers_and_knows_what_to_do_with_nothing(
    visitor: Visitor,
) -> None:
    found = visitor.client.get("/search/?q=bin").content.decode()
    assert "/services/missed-bin/" in found
    assert "/answers/" in found
    nothing = visitor.client.get("/search/?q=<b>qqqqzzzz").content.decode()
    assert "Nothing fits" in nothing
    assert "&lt;b&gt;qqqqzzzz" in nothing
    assert "Tell us in your own words" in nothing


def test_progress_opens_with_reference_and_postcode_however_they_are_typed(
    visitor: Visitor,
) -> None:
    visitor.to_check()
    visitor.answer()
    enquiry = Enquiry.objects.get()
    typed = enquiry.reference.lower().replace("-", " ")
    page = visitor.client.post("/track/", {"reference": typed, "postcode": "wr114aa"})
    words = page.content.decode()
    assert enquiry.reference in words
    assert "We received your enquiry" in words
    assert "What happens next" in words
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_postcode_and_an_unknown_reference_get_the_same_answer(visitor: Visitor) -> None:
    visitor.to_check()
    visitor.answer()
    reference = Enquiry.objects.get().reference

    def answer(typed: str, postcode: str) -> tuple[int, str]:
        page = visitor.client.post("/track/", {"reference": typed, "postcode": postcode})
        words = page.content.decode().replace(typed, "").replace(postcode, "")
        start = words.index("There is a problem")
        return page.status_code, words[start : start + 600]

    wrong = answer(reference, "WR1 1AA")
    assert wrong == answer("WH7-K3MP-4X", EVESHAM)
    assert wrong == answer("anything at all", EVESHAM)
    for secret in ("nothing", EVESHAM.replace(" ", "x")):
        assert visitor.client.get(f"/track/{reference}/{secret}/").status_code == 404


def test_an_address_that_is_not_there_says_what_to_do(client: Client, db: None) -> None:
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "search for what you need" in page.content.decode()
    assert client.get("/services/no-such-service/").status_code == 404
    assert client.get("/answers/no-such-answer/").status_code == 404


def test_the_api_says_not_found_as_a_problem(client: Client, db: None) -> None:
    page = client.get("/api/no-such-thing/")
    assert page.status_code == 404
    assert page["Content-Type"] == "application/problem+json"


def test_a_method_that_a_page_does_not_know_gets_a_page(client: Client, db: None) -> None:
    page = client.delete("/search/")
    assert page.status_code == 405
    assert page["Allow"] == "GET, HEAD"
    assert "Nothing was changed" in page.content.decode()


def test_a_failure_of_ours_is_told_without_a_database(rf, settings) -> None:
    for path in ("/", "/desk/", "/kiosk/"):
        page = errors.server_error(rf.get(path))
        assert page.status_code == 500
        assert "Something went wrong on our side" in page.content.decode()


@pytest.mark.parametrize("face", ["public", "kiosk", "desk"])
def test_the_gallery_shows_every_component_and_only_in_development(
    client: Client, db: None, settings, face: str
) -> None:
    address = reverse("components")
    assert client.get(address, {"face": face}).status_code == 200
    settings.HUB_DEVELOPMENT = False
    assert client.get(address).status_code == 404
