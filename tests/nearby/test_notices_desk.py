"""Notices as their writers see them: drafted, published, changed by two, ended; each its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb.models import Notice
from tests.world import World

pytestmark = pytest.mark.django_db

DRAFT = {
    "organisation": "wychavon",
    "kind": "outage",
    "title": "No bins emptied in Evesham",
    "words": "A lorry has broken down.",
    "advice": "Leave your bin out.",
    "services": ["missed-bin"],
    "where": "areas",
    "areas": ["E07000238"],
    "start_day": "",
    "start_time": "",
    "end_day": "",
    "end_time": "",
}


def sent(client: Client, path: str, **fields: Any) -> Any:
    """A form filled in and sent, with the key that its page made."""
    from uuid import uuid4

    return client.post(path, {"key": str(uuid4()), **fields})


def drafted(client: Client, **fields: Any) -> Notice:
    answer = sent(client, "/desk/notices/new/", **{**DRAFT, **fields})
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    return Notice.objects.latest("pk")


def test_a_notice_is_drafted_published_and_ended(world: World, client_for: Any) -> None:
    client = client_for(world.manager)
    notice = drafted(client)
    page = f"/desk/notices/{notice.public_id}/"
    assert "Draft" in client.get(page).content.decode()
    assert sent(client, f"{page}publish/").status_code == 303
    notice.refresh_from_db()
    assert notice.published_at is not None
    assert sent(client, f"{page}end/", words="The lorry is back").status_code == 303
    notice.refresh_from_db()
    assert (notice.ended_at is not None, notice.end_words) == (True, "The lorry is back")
    assert "The lorry is back" in client.get(page).content.decode()
    assert "No bins emptied" in client.get("/desk/notices/").content.decode()
