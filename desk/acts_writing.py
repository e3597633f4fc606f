"""Words on a case: to the citizen by any way, from one box; notes with who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import QueryDict

import kb.queries_articles
from accounts.permissions import Permission, Viewer
from customers.ways import SMS
from desk.case_act import CaseAct, Data, Done
from desk.choices import Choices
from desk.forms_texts import OWN_PAGE, texts_of
from desk.forms_writing import AskForm, NoteForm, ReplyForm, WritingForm
from enquiries.actions import replies
from enquiries.actions.seen import About
from enquiries.queries import text_out, writing
from enquiries.queries.desk import Case
from enquiries.queries.writing import Arrives
from kb import queries_canned

_DONE = {
    "us": "Note kept. Only the hub reads it",
    "shared": "Note kept. Partners who have the case read it too",
    "public": "Note kept. The citizen is being told",
}
_CALL = "Put down: somebody rings them"


def _composed(data: Data) -> tuple[str, bool]:
    """The words with the address of an answer after them, and whether their own link goes too."""
    words, link = data["words"].strip(), data.get("link", "")
    kind, _, slug = link.partition(":")
    if data.get("way") == SMS and kind == "answer" and slug:
        words = f"{words} {settings.HUB_BASE_URL}/answers/{slug}/"
    return words, link == OWN_PAGE


def _reply(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    words, with_link = _composed(data)
    by = data.get("way", "")
    replies.reply(
        reference=reference, viewer=who, words=words, by=by, with_link=with_link,
        sends_away=data["sends_away"], now=now,
    )  # fmt: skip
    return Done(_CALL if by == writing.CALL else "")


def _ask(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    by = data.get("way", "")
    replies.ask(
        reference=reference, viewer=who, question=data["words"], by=by,
        unforeseeable=data["unforeseeable"], now=now,
    )  # fmt: skip
    return Done(f"{_CALL}. The case waits" if by == writing.CALL else "")


def _note(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    seen_by = data.get("seen_by") or replies.US
    replies.note(reference=reference, viewer=who, words=data["words"], seen_by=seen_by, now=now)
    return Done(_DONE[seen_by])


REPLY = CaseAct(
    "reply", "Tell the citizen", "Send these words", ReplyForm,
    Permission.RESOLVE, "can_tell", _reply, "The citizen is being told",
    key="r", template="desk/case/write.html",
)  # fmt: skip
ASK = CaseAct(
    "ask", "Ask the citizen", "Send the question", AskForm,
    Permission.RESOLVE, "can_ask", _ask, "The question is on its way. The case waits",
    about=frozenset({About.OUTCOME, About.QUESTION}), template="desk/case/write.html",
)  # fmt: skip
NOTE = CaseAct(
    "note", "Add a note", "Keep the note", NoteForm,
    Permission.RESOLVE, "can_note", _note, "Note kept", key="i",
    template="desk/case/note.html",
)  # fmt: skip
EVENTS = {"reply": "replied", "ask": "asked"}


def begins(case: Case, articles: Sequence[Any] | None = None) -> list[tuple[str, str, str]]:
    """What words can begin with: kept texts, then what answers say in short. `articles` are the
    answers about its service, where they are known already."""
    known = writing.facts(case.viewer, case.enquiry, case.person)
    kept = [
        (f"kept:{one.public_id}", one.name, one.words) for one in queries_canned.own(case.viewer)
    ]
    found = _articles(case) if articles is None else articles
    said = [(f"answer:{row.slug}", row.title, row.short) for row in found if row.short]
    return [(key, name, writing.filled(words, known)) for key, name, words in [*kept, *said]]


def _articles(case: Case) -> list[Any]:
    service = case.enquiry.service
    return list(kb.queries_articles.about(service.slug, limit=5)) if service is not None else []


def more(act: CaseAct, case: Case) -> dict[str, Any]:
    """What the form of an act is made with beside its data."""
    if act.name not in EVENTS:
        return {}
    found: dict[str, Any] = {
        "ways": writing.ways_to(case.enquiry, case.person),
        "known": writing.facts(case.viewer, case.enquiry, case.person),
    }
    if act.name == "reply":
        found |= _beside(case)
    return found


def _beside(case: Case) -> dict[str, Any]:
    """What words can begin with and what goes with them; each is read once, where it is asked."""

    @cache
    def articles() -> list[Any]:
        return _articles(case)

    @cache
    def canned() -> Choices:
        return texts_of(begins(case, articles()))

    def links() -> Choices:
        own = (OWN_PAGE, "The page of their enquiry, where they can add a photo")
        said = [(f"answer:{row.slug}", f"The answer “{row.title}”") for row in articles()]
        return [own, *said]

    return {"canned": canned, "links": links}


def begun(case: Case, data: QueryDict) -> dict[str, str]:
    """What stands in the box after kept words were chosen: these, then what was typed."""
    chosen = data.get("canned", "")
    words = next((text for key, _name, text in begins(case) if key == chosen), "")
    typed = data.get("words", "")[:2_000].strip()
    return {
        "words": " ".join(one for one in (words, typed) if one),
        "way": data.get("way", ""),
        "link": data.get("link", ""),
        "sends_away": data.get("sends_away", ""),
    }


def preview(act: CaseAct, case: Case, form: Form, now: datetime) -> Arrives | None:
    """The very message that stands in a form; None while there is nothing to show."""
    if act.name not in EVENTS or not isinstance(form, WritingForm) or not form.is_bound:
        return None
    words = writing.filled(str(form.data.get("words", ""))[:2_000].strip(), form.known)
    chosen = form.data.get("way", "") or (form.ways.open[0].medium if form.ways.open else "")
    way = next((one for one in form.ways.open if one.medium == chosen), None)
    if not words or way is None:
        return None
    words, with_link = _composed({"link": form.data.get("link", ""), "words": words, "way": chosen})
    return writing.arrives(
        case.enquiry, way, event=EVENTS[act.name], words=words, with_link=with_link, now=now
    )


def frame(case: Case, now: datetime) -> dict[str, object]:
    """For the count while somebody types a text: what stands before their words, and after."""
    before = text_out.measured(case.enquiry, "", with_link=False, now=now)
    own = text_out.measured(case.enquiry, "", with_link=True, now=now)
    return {
        "before": before.words,
        "own": own.characters - before.characters,
        "answers": f"{settings.HUB_BASE_URL}/answers/",
        "pence": settings.SMS_PENCE,
    }
