"""What people do in a browser, for journeys through URLs: read a page, fill its form, send it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from django.test import Client


class _Form(HTMLParser):
    """The hidden fields of a page's forms, by the form's action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), {}))
        elif tag == "input" and values.get("type") == "hidden" and self.forms:
            self.forms[-1][1][values.get("name", "")] = values.get("value", "")


def hidden_fields(html: str, action: str = "") -> dict[str, str]:
    """Hidden fields of the form with this action (part of it), or of every form on the page."""
    reader = _Form()
    reader.feed(html)
    found: dict[str, str] = {}
    for address, fields in reader.forms:
        if action in address:
            found.update(fields)
    return found


def send(client: Client, url: str, *, form: str = "", **answers: str) -> str:
    """Opens a page, fills its form in, sends it, and returns the address where one lands."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    data = {**hidden_fields(page.content.decode(), form), **answers}
    answer = client.post(form or url, data, follow=True)
    assert answer.status_code == 200, (url, answer.status_code, words(answer.content.decode()))
    landed = answer.redirect_chain[-1][0] if answer.redirect_chain else url
    if not answer.redirect_chain:
        raise AssertionError(f"{url} refused: {words(answer.content.decode())[:600]}")
    return str(landed)


def words(html: str) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def report_a_missed_bin(client: Client, *, email: str = "jo@example.com") -> tuple[str, str]:
    """A citizen's whole way through the website; the reference and the secret tracking path."""
    where = send(client, "/ask/?service=missed-bin", service="missed-bin")
    what = send(client, where, postcode="wr11 3da", address="4 High Street")
    you = send(client, what, description="My black bin was not emptied on Monday")
    check = send(client, you, tell_by="email", email=email, name="Jo Bloggs")
    sent = send(client, check)
    page = client.get(sent).content.decode()
    link = re.search(r'href="(/track/(WH[0-9A-Z-]+)/[^"/]+/)"', page)
    assert link, words(page)
    return link.group(2), link.group(1)
