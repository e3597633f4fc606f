"""Editors see what a language lacks, take the texts out and bring translations back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.audit import SYSTEM
from core.models import AuditEvent
from kb import actions_tongues, queries_tongues, tongue_files
from tests.languages.test_files import po
from tests.world import World

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/languages/"


@pytest.fixture
def editor(world: World, client_for: Callable[[User], Client]) -> Client:
    return client_for(world.administrator)


def send(editor: Client, content: bytes, name: str = "pl.po") -> Any:
    return editor.post(f"{HOME}pl/upload/", {"file": SimpleUploadedFile(name, content)})


def fields(page: Any) -> dict[str, str]:
    """What the page of changes sends on."""
    form = page.context["form"]
    return {"key": str(form["key"].value()), "changes": form.initial["changes"]}


def test_how_much_of_each_language_there_is(editor: Client) -> None:
    total = len(queries_tongues.texts())
    page = editor.get(HOME).content.decode()
    assert "Polski" in page
    assert f"0 of {total} texts, 0%" in page
    now = timezone.now()
    actions_tongues.save(
        language="pl", texts={"Pothole": "Dziura", "Old": "Stary"}, actor=SYSTEM, now=now
    )
    page = editor.get(f"{HOME}pl/").content.decode()
    assert f"1 of {total} texts are translated" in page
    assert "1 more translation is of texts that nothing says now" in page
    assert "Missed bin" in page
    assert "Service “missed-bin”: name" in page
    assert "Service “pothole”: name" not in page


def test_what_is_no_language_of_ours_is_not_there(editor: Client) -> None:
    for code in ("xx", "en-gb", "en"):
        for path in ("", "words.po", "upload/"):
            assert editor.get(f"{HOME}{code}/{path}").status_code == 404
        assert editor.post(f"{HOME}{code}/save/", {}).status_code == 404


def test_who_does_not_write_forms_does_not_translate(
    world: World, client_for: Callable[[User], Client]
) -> None:
    for user in (world.agent, world.officer, world.manager):
        assert client_for(user).get(HOME).status_code == 404
    assert Client().get(HOME).status_code == 302


def test_a_file_goes_out_and_comes_back_after_its_changes_were_read(editor: Client) -> None:
    answer = editor.get(f"{HOME}pl/words.po")
    assert answer["Content-Disposition"] == 'attachment; filename="pl.po"'
    text = answer.content.decode()
    assert 'msgid "Pothole"\nmsgstr ""' in text
    text = text.replace('msgid "Pothole"\nmsgstr ""', 'msgid "Pothole"\nmsgstr "<b>Dziura</b>"')
    page = send(editor, text.encode())
    assert page.status_code == 200
    assert "1 text without a translation gets one" in page.content.decode()
    assert "&lt;b&gt;Dziura&lt;/b&gt;" in page.content.decode()
    # Nothing has changed yet.
    assert queries_tongues.known("pl") == {}
    done = editor.post(f"{HOME}pl/save/", fields(page))
    assert (done.status_code, done["Location"]) == (303, f"{HOME}pl/")
    assert queries_tongues.known("pl") == {"Pothole": "<b>Dziura</b>"}
    said = AuditEvent.objects.filter(action="words.translated").get()
    assert said.data == {"new": 1, "changed": 0}
    # The second press of the same button does nothing more.
    assert editor.post(f"{HOME}pl/save/", fields(page)).status_code == 303
    assert AuditEvent.objects.filter(action="words.translated").count() == 1
    missing = editor.get(f"{HOME}pl/words.po?missing=yes").content.decode()
    assert 'msgid "Pothole"' not in missing
    assert "The file changes nothing" in send(editor, text.encode()).content.decode()


def test_everything_wrong_with_a_file_is_said_by_line(editor: Client) -> None:
    page = send(editor, po(("Fine", "Dobrze"), ("Ring 999", "Dzwoń"), ("See {x}", "Patrz")))
    text = page.content.decode()
    assert "2 problems, so nothing was changed" in text
    assert "Line 9: The translation of “Ring 999” has lost the number 999" in text
    assert "<title>" in text
    assert "Error: Upload Polski" in text
    assert queries_tongues.known("pl") == {}
    for content in (b"\x00\xff\xfe", b"PK\x03\x04", b"msgid", "msgid ż".encode("cp1250")):
        assert send(editor, content).status_code == 200
    assert "Choose a file" in editor.post(f"{HOME}pl/upload/", {}).content.decode()
    assert "larger than 900 kB" in send(editor, b"#" * 900_001).content.decode()


def test_what_somebody_else_translated_meanwhile_is_not_written_over(editor: Client) -> None:
    page = send(editor, po(("Pothole", "Dziura"), ("Missed bin", "Kosz")))
    now = timezone.now()
    actions_tongues.save(language="pl", texts={"Pothole": "Wyrwa"}, actor=SYSTEM, now=now)
    again = editor.post(f"{HOME}pl/save/", fields(page))
    assert again.status_code == 200
    assert "Somebody else translated some of these texts" in again.content.decode()
    assert queries_tongues.known("pl") == {"Pothole": "Wyrwa"}
    # The page shows theirs beside, and saves when it is pressed again.
    assert "Wyrwa" in again.content.decode()
    assert editor.post(f"{HOME}pl/save/", fields(again)).status_code == 303
    assert queries_tongues.known("pl") == {"Pothole": "Dziura", "Missed bin": "Kosz"}


@pytest.mark.parametrize(
    "changes",
    ["", "x", "[]", "{}", "[1]", '[["a"]]', '[["a", "", 1]]', '[["a", "", "b", "c"]]', "[" * 9_000,
     '[["Ring 999", "", "a"]]', '[["a", "", "b\\u0000"]]', '[["a", "", "\\ud800"]]'],
)  # fmt: skip
def test_what_no_page_of_ours_sends_changes_nothing(editor: Client, changes: str) -> None:
    page = send(editor, po(("Pothole", "Dziura")))
    answer = editor.post(f"{HOME}pl/save/", {**fields(page), "changes": changes})
    assert answer.status_code == 200
    assert queries_tongues.known("pl") == {}


def test_a_large_file_is_read_within_the_page(editor: Client) -> None:
    texts = [(f"Text number {number}, which is not short", f"Tekst {number}, który nie jest krótki")
             for number in range(5_000)]  # fmt: skip
    content = po(*texts)
    assert 400_000 < len(content) < 900_000
    page = send(editor, content)
    assert editor.post(f"{HOME}pl/save/", fields(page)).status_code == 303
    assert len(queries_tongues.known("pl")) == 5_000
    assert tongue_files.MOST_TEXTS > 5_000
