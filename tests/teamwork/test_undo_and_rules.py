"""A rule and somebody who takes their act back within the same seconds."""

from __future__ import annotations

from typing import Any

import pytest

from enquiries.models import Enquiry, EnquiryEvent
from teamwork.models import RuleRun
from tests.desk.steps import new_key, text
from tests.desk.test_undo import newest
from tests.teamwork.rules import NOTE, begin, case, rule, run
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_rule_did_since_is_named_and_what_was_taken_back_sets_no_rule_off(
    world: World, client_for: Any
) -> None:
    begin()
    rule(world, NOTE, name="Press on", trigger="priority")
    client = client_for(world.agent)
    first, second = case(), case("My bin is gone", external_id="b")
    run()

    def press(one: Enquiry) -> Any:
        data = {"key": new_key(), "priority": "urgent", "words": "Now"}
        page = f"/desk/cases/{one.reference}/priority/"
        return newest(client.post(page, data, follow=True))

    undo = press(first)
    assert run() == 1
    told = text(client.post(f"/desk/undo/{undo.public_id}/", follow=True))
    assert "It cannot be taken back any more, for something happened since" in told
    assert "Rule “Press on”: Note" in told
    assert Enquiry.objects.get(pk=first.pk).priority == "urgent"

    undo = press(second)
    client.post(f"/desk/undo/{undo.public_id}/")
    assert Enquiry.objects.get(pk=second.pk).priority == "normal"
    run()
    assert RuleRun.objects.count() == 1
    assert not EnquiryEvent.objects.filter(enquiry=second, type="enquiry.noted").exists()
