"""What is refused is refused in the words of who reads it, each field for itself."""

from __future__ import annotations

import pytest

from tests.desk.steps import new_key, open_contact, text

pytestmark = pytest.mark.django_db
FRAMEWORK = (
    "Ensure this value", "Select a valid choice", "Null characters", "This field is required",
    "Enter a valid",
)  # fmt: skip


def test_no_word_of_the_framework_is_read_and_no_time_is_swallowed(world, client_for):
    client = client_for(world.administrator)
    rule = {
        "key": new_key(), "name": "x" * 100, "trigger": "nothing", "team": "99", "start": "25:00",
        "hours": "abc", "channels": ["pigeon"], "words": "a\x00b",
    }  # fmt: skip
    answer = client.post("/desk/rules/new/", rule)
    assert answer.status_code == 422
    page = text(answer)
    assert not [words for words in FRAMEWORK if words in page]
    assert "Write a time such as 08:30" in page
    assert "Name must be 60 characters or fewer" in page
    assert "Choose from the list" in page

    contact = open_contact(client)
    for act, data in (
        ("hand-over", {"to": "person:999999", "words": "x", "how": "warm"}),
        ("ring-back", {"day": "1999-01-01", "at": "14:30", "phone": "07700 900123"}),
        ("wrap-up", {"outcome": "bogus", "note": "x" * 500}),
        ("raise", {"description": "a\x00b", "how": "somewhere", "service": "none"}),
    ):
        page = text(client.post(f"{contact}{act}/", {"key": new_key(), **data}))
        assert not [words for words in FRAMEWORK if words in page], act
