"""Answers that stand in the place of words are read once."""

from __future__ import annotations

import pytest

from enquiries.models import Enquiry
from enquiries.queries import answers
from kb.models import Service
from tests import forms_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_words_that_are_only_the_answers_say_nothing_more(world: World) -> None:
    kind = forms_of.choice("kind", "Which kind?", local="A street", trunk="A trunk road")
    forms_of.publish("pothole", kind, describe=False)
    pothole = Service.objects.get(slug="pothole")
    one = Enquiry(service=pothole, answers={"kind": "local"}, description="Which kind? A street")
    assert not answers.says_more(one)
    one.description = "Which kind? A street, and it is deep"
    assert answers.says_more(one)
    assert answers.says_more(Enquiry(service=pothole, description="A hole"))
