"""Translations leave as a PO file and come back: whole, or not at all and why not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.audit import SYSTEM
from kb import actions_tongues, queries_tongues, tongue_files
from kb.models import ContentWords
from kb.tongue_files import BadWords, Text
from tests import forms_of
from tests.world import World

HEAD = 'msgid ""\nmsgstr ""\n"Language: pl\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def po(*pairs: tuple[str, str]) -> bytes:
    return (HEAD + "\n".join(f'msgid "{a}"\nmsgstr "{b}"\n' for a, b in pairs)).encode()


def wrong(content: bytes, **more: Any) -> list[str]:
    with pytest.raises(BadWords) as refused:
        tongue_files.read(content, ["pl"], **more)
    return [str(one) for one in refused.value.problems]


def test_a_file_comes_back_as_it_left() -> None:
    texts = [
        Text('Say "yes"\nor \\ no', ("here",)),
        Text("Żółć – “quoted”", ("there", "and elsewhere")),
        Text("x" * 500),
        Text("100 % of %s, 5% done"),
        Text(" spaces "),
    ]
    known = {one.source: f"PL {one.source}" for one in texts[:-1]}
    written = tongue_files.as_po(texts, known, "pl")
    assert "#. here" in written
    read = tongue_files.read(written.encode(), ["pl"])
    assert (read.language, read.texts, read.empty, read.unsure) == ("pl", known, 1, 0)
    assert tongue_files.as_po(texts, known, "pl") == written
    missing = tongue_files.as_po(texts, known, "pl", missing=True)
    assert tongue_files.read(missing.encode(), ["pl"]).empty == 1


def test_what_is_empty_or_unsure_is_left_out() -> None:
    content = po(("One", "Jeden"), ("Two", "")) + b'\n#, fuzzy\nmsgid "Three"\nmsgstr "Trzy"\n'
    read = tongue_files.read(content, ["pl"])
    assert (dict(read.texts), read.empty, read.unsure) == ({"One": "Jeden"}, 1, 1)


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("Hello %(name)s", "Cześć", "has lost %(name)s"),
        ("Hello {name}", "Cześć {imie}", "has lost {name}"),
        ("Hello", "Cześć %(name)s", "has %(name)s, and it has not"),
        ("See [this](/answers/tip/)", "Zobacz [to](/inne/)", "has lost the link to /answers/tip/"),
        ("See https://gov.uk/x.", "Zobacz https://evil.example/", "has lost the address"),
        ("Write to a@example.com", "Napisz do b@example.com", "has lost the e-mail address"),
        ("In danger ring 999.", "W niebezpieczeństwie dzwoń 998.", "has lost the number 999"),
        ("Ring 01632 960000 now", "Dzwoń 01632 960001", "has lost the number 01632 960000"),
        ("Ring us", "Zadzwoń pod 999", "has the number 999, and it has not"),
        ("No", "Nie" * 200, "is far longer than the text"),
    ],
)
def test_what_must_stay_may_not_be_lost(source: str, text: str, said: str) -> None:
    content = po(("Fine", "Dobrze"), (source, text))
    (problem,) = wrong(content)
    assert said in problem
    assert problem.startswith("Line ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Ring 111, or 999 if a life is at risk.", "Dzwoń 999, gdy grozi śmierć, albo 111"),
        ("Smell gas? Ring 0800 111 999.", "Czuć gaz? Zadzwoń pod 0800 111 999!"),
        ("It costs £1,000 in 2026", "To kosztuje 1000 funtów w roku 2026"),
        ("Bring 105.5 litres", "Weź 105,5 litra"),
    ],
)
def test_numbers_may_move_within_a_text(source: str, text: str) -> None:
    assert tongue_files.read(po((source, text)), ["pl"]).texts == {source: text}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is no PO file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00msgid", "It is not written in UTF-8"),
        (HEAD.encode() + 'msgid "a"\nmsgstr "ż"\n'.encode("cp1250"), "not written in UTF-8"),
        (HEAD.encode() + b'msgid "a"\nmsgstr "b\n', "no line of a PO file"),
        (HEAD.encode() + b"msgid not quoted\n", "no line of a PO file"),
        (HEAD.encode() + b'msgctxt "c"\nmsgid "a"\nmsgstr "b"\n', "has no context"),
        (HEAD.encode() + b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', "has no plural"),
        (po(("a", "b\x00c")), "characters that cannot be kept"),
        (HEAD.replace("pl", "xx").encode() + b'msgid "a"\nmsgstr "b"\n', "none of our other"),
        (HEAD.replace("pl", "en-gb").encode() + b'msgid "a"\nmsgstr "b"\n', "none of our other"),
        (b'msgid "a"\nmsgstr "b"\n', "does not say its language"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(content: bytes, said: str) -> None:
    assert said in " ".join(wrong(content))


def test_every_problem_is_said_at_once_with_its_line() -> None:
    problems = wrong(po(("Ring 999", "a"), ("Fine", "b"), ("Ring 101", "c")))
    assert [one.split(":")[0] for one in problems] == ["Line 6", "Line 12"]


def test_a_file_says_its_language_or_is_told_it() -> None:
    bare = b'msgid "a"\nmsgstr "b"\n'
    assert tongue_files.read(bare, ["pl"], language="pl").language == "pl"
    with pytest.raises(BadWords, match="not in “de”"):
        tongue_files.read(po(("a", "b")), ["pl", "de"], language="de")


@pytest.mark.django_db
def test_files_go_in_by_command_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.po", tmp_path / "bad.po"
    good.write_bytes(po(("Pothole", "Dziura"), ("Nothing says this", "Nic")))
    bad.write_bytes(po(("Ring 999", "Zadzwoń")))
    with pytest.raises(CommandError, match=r"bad.po: 1 problem, so nothing was changed"):
        call_command("import_words", str(good), str(bad))
    assert not ContentWords.objects.exists()
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_words", str(tmp_path / "none.po"))

    said = StringIO()
    call_command("import_words", str(good), stdout=said)
    assert "2 new, 0 changed, 1 of texts that nothing says now" in said.getvalue()
    call_command("import_words", str(good), stdout=said)
    assert "0 new, 0 changed" in said.getvalue()
    good.write_bytes(po(("Pothole", "Dziura w jezdni")))
    call_command("import_words", str(good), stdout=said)
    assert "0 new, 1 changed" in said.getvalue()
    assert queries_tongues.known("pl") == {
        "Pothole": "Dziura w jezdni",
        "Nothing says this": "Nic",
    }


@pytest.mark.django_db
def test_texts_go_out_by_command(world: World, tmp_path: Path) -> None:
    now = timezone.now()
    actions_tongues.save(language="pl", texts={"Pothole": "Dziura"}, actor=SYSTEM, now=now)
    path, said = tmp_path / "pl.po", StringIO()
    call_command("export_words", str(path), "--language", "pl", stdout=said)
    read = tongue_files.read(path.read_bytes(), ["pl"])
    assert dict(read.texts) == {"Pothole": "Dziura"}
    assert f"1 of {read.empty + 1} texts are translated" in said.getvalue()
    here = StringIO()
    call_command("export_words", "--language", "pl", "--missing", stdout=here)
    assert "Dziura" not in here.getvalue()
    assert 'msgid "Missed bin"' in here.getvalue()
    for code in ("xx", "en-gb", "../pl"):
        with pytest.raises(CommandError, match="none of our other languages: pl"):
            call_command("export_words", "--language", code)


@pytest.mark.django_db
def test_every_text_of_a_form_goes_out(world: World) -> None:
    question = {
        **forms_of.choice("road", "Which road?", local="A street", a="A trunk road"),
        "hint": "Look at signs.",
        "why": "Who repairs it.",
        "areas": {"E07000238": {"words": "Which lane?", "why": "Lanes differ."}},
    }
    question["choices"][0]["hint"] = "Most are."
    number = {"key": "n", "type": "number", "words": "How many?", "unit": "metres"}
    end = {
        "key": "stop",
        "kind": "not_eligible",
        "when": {"question": "road", "is": "a"},
        "title": "Not here",
        "words": "The whole road.",
        "next_step": "Ask them.",
    }
    forms_of.publish("pothole", question, number, ends=[end])
    said = {one.source: one.where for one in queries_tongues.texts()}
    for text in ("Which road?", "A street", "A trunk road", "Look at signs.", "Who repairs it.",
                 "Which lane?", "Lanes differ.", "Most are.", "How many?", "metres", "Not here",
                 "The whole road.", "Ask them."):  # fmt: skip
        assert text in said, text
    assert said["Which lane?"] == ("Form “pothole”, question “road” in E07000238: words",)
    # One that is no longer asked is nothing to translate.
    forms_of.publish("pothole", number)
    assert "Which road?" not in {one.source for one in queries_tongues.texts()}


@pytest.mark.django_db
def test_a_text_stands_once_however_often_it_is_said(world: World) -> None:
    for slug in ("pothole", "missed-bin", "allotments", "join-a-library", "council-tax-bill"):
        forms_of.publish(slug, {"key": "n", "type": "number", "words": "How many?"})
    (found,) = [one for one in queries_tongues.texts() if one.source == "How many?"]
    assert len(found.where) == 5
    assert found.where[-1] == "and 1 more"
