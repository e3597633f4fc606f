"""What staff do on the desk's pages, as tests do it: through addresses and forms only."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.test import Client

from tests.outbox import run_outbox

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def new_key() -> str:
    return str(uuid.uuid4())


def open_contact(client: Client, channel: str = "phone", **more: str) -> str:
    """The address of a fresh contact."""
    data = {"channel": channel, "key": new_key(), **more}
    response = client.post("/desk/contact/", data)
    assert response.status_code == 303
    return str(response["Location"])


def raise_one(client: Client, contact: str, **more: str) -> Any:
    """One need in a contact, sent on by the rules unless told otherwise."""
    data = {
        "key": new_key(),
        "service": "missed-bin",
        "description": "The bin was not emptied",
        "postcode": "WR11 3DA",
        "how": "rules",
        "outcome": "answered",
        **more,
    }
    # The page says whose questions it showed; these tests have read them.
    return client.post(f"{contact}raise/", {"shown": data["service"], **data})


def looked_up(client: Client, contact: str, words: str) -> Any:
    """The page of a contact after somebody was looked for in it."""
    return client.post(f"{contact}find/", {"find": words}, follow=True)


def people_like(client: Client, words: str, *, follow: bool = True) -> Any:
    """The list of people whom these words find, or its address."""
    response = client.post("/desk/people/", {"q": words}, follow=follow)
    return response if follow else str(response["Location"])


def act(client: Client, address: str, name: str, **data: str) -> Any:
    """One act on a case or a referral."""
    return client.post(f"{address}{name}/", {"key": new_key(), **data})


def work() -> None:
    """Everything that was promised is carried out."""
    run_outbox()


def text(response: Any) -> str:
    """A page as words, spaces folded."""
    return re.sub(r"\s+", " ", response.content.decode())
