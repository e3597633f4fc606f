"""What makes a kiosk easier is one touch away, needs no scripts, and goes with the visit."""

from __future__ import annotations

from django.test import Client

from kiosks.models import Kiosk


def body(visitor) -> str:
    page: str = visitor.page.content.decode()
    return page.split("<body", 1)[1].split(">", 1)[0]


def test_each_touch_goes_one_step_on_and_holds_for_this_visit_alone(visitor):
    visitor.open("start/", easier="1")
    assert visitor.at == "/kiosk/easier/"
    visitor.post("easier/", set="text:larger", **{"from": "/kiosk/people/"})
    assert "hub-text-larger" in body(visitor)
    assert 'value="text:largest"' in visitor.text
    assert 'href="/kiosk/people/"' in visitor.text.split("hub-kiosk-key--main")[1][:80]
    visitor.post("easier/", set="contrast:on")
    visitor.post("easier/", set="switch:slow")
    visitor.open("people/")
    assert "hub-text-larger hub-contrast-on hub-switch-slow" in body(visitor)
    visitor.post("easier/", set="text:")
    assert "hub-text" not in body(visitor)
    visitor.open("again/")
    assert "hub-contrast" not in body(visitor)
    visitor.open("start/")
    assert "hub-contrast" not in body(visitor)


def test_who_needs_longer_has_longer_without_scripts_too(visitor):
    visitor.open("start/")
    assert 'content="60;url=/kiosk/again/?why=idle"' in visitor.text
    visitor.post("easier/", set="time:on")
    assert 'content="180;url=/kiosk/again/?why=idle"' in visitor.text


def test_what_is_no_mode_and_no_page_of_ours_changes_nothing(visitor):
    visitor.open("start/")
    for said in ("", "text", "text:huge", "colour:red", "text:larger:largest"):
        visitor.post("easier/", set=said, **{"from": "//elsewhere.example/"})
        assert "hub-text" not in body(visitor)
        assert "elsewhere" not in visitor.text


def test_the_same_person_goes_on_in_their_language_and_as_easily(visitor):
    visitor.open("start/", language="pl")
    visitor.post("easier/", set="contrast:on")
    visitor.open("start/", more="1")
    assert 'lang="pl"' in visitor.text
    assert "hub-contrast-on" in body(visitor)
    visitor.open("start/")
    assert 'lang="en-gb"' in visitor.text


def test_a_device_offers_its_own_languages_and_knows_how_wide_its_screen_is(visitor):
    Kiosk.objects.update(languages=["en-gb"], screen_mm=265)
    visitor.open("")
    assert "Polski" not in visitor.text
    assert "hub-mm-240" in body(visitor)
    visitor.open("start/", language="pl")
    assert 'lang="en-gb"' in visitor.text


def test_no_field_is_offered_what_somebody_typed_before(visitor):
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    for page in ("where/", "track/", "return/", "search/"):
        visitor.open(page)
        fields = [part for part in visitor.text.split("<input")[1:] if 'type="hidden"' not in part]
        for field in fields:
            assert 'autocomplete="off"' in field.split(">")[0], (page, field)


def test_nobody_behind_reads_who_somebody_is_before_it_is_touched(visitor):
    visitor.to_check(name="Sam Stone", email="sam@example.com")
    for veiled in ("S•• S••", "Email to s••"):
        assert veiled in visitor.text
    assert visitor.text.count('class="hub-veil"') == 2
    assert "WR11 4AA</dd>" in visitor.text  # of a heap in a lane


def test_nobody_behind_reads_where_somebody_lives(visitor):
    visitor.open("start/")
    visitor.post("about/", service="missed-bin")
    assert "data-mask" in visitor.text
    visitor.post(postcode="WR11 4AA", address="12 High Street")
    visitor.open("where/")
    assert "data-mask" in visitor.text
    visitor.post("what/", description="Not emptied")
    visitor.post("tell/", tell_by="none")
    visitor.open("check/")
    for veiled in ("W•• 4••", "1•• H•• S••"):
        assert veiled in visitor.text
    assert "WR11 4AA</dd>" not in visitor.text


def test_what_cannot_be_done_here_is_said_before_anybody_begins(visitor):
    visitor.open("start/")
    assert "What cannot be done here" in visitor.text
    visitor.post("about/", service="fly-tipping")
    assert "Photos cannot be added here" in visitor.text
    visitor.post(postcode="WR11 4AA")
    assert "Photos cannot be added here" not in visitor.text


def test_an_error_with_what_somebody_typed_is_cleared_by_silence_too(visitor):
    visitor.open("start/")
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = visitor.client.cookies
    answer = careful.post("/kiosk/you/email/", {"name": "Sam Stone"})
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 403
    assert "Sam Stone" in text
    assert 'data-href="/kiosk/again/?why=idle"' in text
    assert 'content="60;url=/kiosk/again/?why=idle"' in text
    for path in ("", "enrol/"):
        assert "hub-idle" not in careful.get(f"/kiosk/{path}").content.decode()
