"""What a device is given to work without us: all that can be asked and told, small, and current."""

from __future__ import annotations

import gzip
import json

from django.utils import timezone

import kb.queries
import kb.questions
from accounts import areas
from channels.kiosk import content
from kb.models import Article, ContentWords, Danger, Service
from tests import forms_of
from tests.kiosk_rules.partnership import _loaded, _whole, kiosk, partnership, told

__all__ = ["_loaded", "_whole", "kiosk", "partnership"]
# Every service is walked with the first answer that there is, past every end.
WALK = """({visit, answers, path, places}, [content, county, today]) => {
  const value = (one) => {
    if (one.role === "where") return {postcode: "WR11 4AA", address: "1 High Street"};
    if (one.role === "you") return {tell_by: "sms", phone: "+447700900123", name: "Jo Example"};
    if (one.kind === "several") return [one.choices[0].value];
    if (one.choices.length) return one.choices[0].value;
    if (one.kind === "date") return one.most < -365 ? "1990-05-05" : today;
    return one.kind === "number" ? String(Math.max(one.least ?? 1, 1)) : "A mattress";
  };
  const {codes} = places.look(county, "wr11 4aa", "");
  return Object.values({...content.services, "": content.unsure}).map((service) => {
    const form = path.forArea(service.form, codes);
    let now = visit.about(visit.begun(), service.slug ?? "", form.id);
    for (let turn = 0; turn < 60; turn += 1) {
      const open = visit.firstOpen(form, now, today);
      const ended = visit.end(form, now, today);
      if (ended) {
        now = visit.goneOn(now, ended.key);
      } else if (open) {
        if (!visit.mayAnswer(form, now, open.key, today)) return [service.slug, "not its turn"];
        const read = answers.typed(open, value(open), today);
        if ("wrong" in read) return [service.slug, open.key, read.wrong];
        now = visit.answered(form, now, open, read.answer);
      } else {
        return [service.slug ?? "", "sent", now, visit.sent(form, now, today)];
      }
    }
    return [service.slug, "no way out"];
  });
}"""


def test_every_service_can_be_asked_to_its_end_and_sent_as_the_server_takes_it(kiosk, run):
    found = told(kiosk, "en-gb")
    today = timezone.localdate().isoformat()
    rows = run(WALK, [found, told(kiosk, "places"), today])
    assert len(rows) == Service.objects.filter(is_active=True).count() + 1
    assert [row for row in rows if row[1] != "sent"] == []
    for slug, _sent, visit, answers in rows:
        if slug:
            service = kb.queries.service(slug)
            assert kb.questions.checked(service, answers, version_id=visit["form_id"]) == answers


def test_what_nobody_has_translated_says_that_it_is_english(kiosk):
    found = told(kiosk, "pl")
    bin_ = found["services"]["missed-bin"]
    assert bin_["name"] == "Nieopróżniony pojemnik lub dzień odbioru"
    assert bin_["form"]["questions"][-1]["role"] == "you"
    Article.objects.filter(slug="bin-not-emptied").update(title="A title in English")
    answer = told(kiosk, "pl")["answers"]["bin-not-emptied"]
    assert answer["title"] == {"en": "A title in English"}
    # Whole answers are written in English alone.
    assert answer["lang"] == "en-GB"
    assert told(kiosk, "en-gb")["answers"]["bin-not-emptied"]["lang"] == ""


def test_words_that_were_translated_a_moment_ago_are_in_the_new_edition(kiosk):
    first = told(kiosk, "pl")
    source = Service.objects.get(slug="pothole").name
    rows = ContentWords.objects.filter(language="pl", source=source)
    assert rows.update(text="Dziura tutaj") == 1
    fresh = told(kiosk, "pl")
    assert fresh["edition"] != first["edition"]
    assert fresh["services"]["pothole"]["name"] == "Dziura tutaj"


def test_all_of_the_screens_leads_to_services_and_answers_that_are_there(kiosk):
    found = told(kiosk, "en-gb")
    groups = [anchor for one in found["subjects"] for anchor in one["groups"]]
    assert sorted(groups) == sorted(found["groups"])
    listed = [slug for one in found["groups"].values() for slug in one["services"]]
    assert sorted(listed) == sorted(found["services"])
    for one in found["answers"].values():
        assert one["html"]
        assert "<a" not in one["html"]
        assert "<script" not in one["html"]
        assert {start["service"] for start in one["starts"]} <= set(found["services"])
    assert [one["say"] for one in found["dangers"]] == [one.say for one in Danger.objects.all()]


def test_an_edition_is_new_when_anything_of_it_is_and_else_costs_nothing(kiosk):
    first = kiosk.client.get("/kiosk/content/pl/", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(first.content))["edition"] == content.edition()
    same = kiosk.client.get("/kiosk/content/pl/", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    seen = {content.edition()}
    for change in (
        lambda: Service.objects.filter(slug="missed-bin").update(summary="Bins"),
        lambda: Article.objects.filter(slug="bin-not-emptied").update(body="Wait"),
        lambda: Danger.objects.filter(slug=Danger.objects.all()[0].slug).update(words="x"),
        lambda: forms_of.add("missed-bin", forms_of.choice("lid", open="Open", shut="Shut")),
    ):
        change()
        seen.add(content.edition(at_most=0.0))
    assert len(seen) == 5
    fresh = kiosk.client.get("/kiosk/content/pl/", headers={"If-None-Match": first["ETag"]})
    assert json.loads(fresh.content)["services"]["missed-bin"]["summary"] == {"en": "Bins"}


def test_a_heartbeat_hears_what_the_process_knew(kiosk, django_assert_num_queries):
    with django_assert_num_queries(2):
        content.edition(at_most=0.0)
    with django_assert_num_queries(0):
        content.edition()


def test_every_postcode_of_the_county_is_found_and_no_other(kiosk, run):
    county = told(kiosk, "places")
    book = areas.lookup("WR11 4AA")
    rows = ["wr11 4aa", " WR114AA. ", "B1 1AA", "SW1A 1AA", "WR99 9AA", "bridge", "WR11 4", ""]
    found = run(
        "({places}, [county, rows]) => rows.map((one) => places.look(county, one, 'ring us'))",
        [county, rows],
    )
    codes = areas.containing(district_code=book.district_code, ward_code=book.ward_code).codes
    expected = {
        "postcode": "WR11 4AA",
        "codes": list(codes),
        "district": book.district_code,
        "name": book.district_name,
    }
    assert found[:2] == [expected, expected]
    wrong = [one.get("wrong") for one in found[2:]]
    assert wrong == [
        "postcode_unknown",
        "postcode_outside",
        "postcode_unknown",
        "postcode",
        "postcode",
        "postcode",
    ]
