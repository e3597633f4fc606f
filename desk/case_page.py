"""What the page of a case shows. Each thing is read when a template asks for it, and once: a part
of the page asks only for what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

import inbox.queries_mail
import notifications.queries
import teamwork.queries_drafts
from accounts import boundaries
from accounts.permissions import Permission, Viewer
from desk import (
    acts,
    acts_links,
    acts_tasks,
    acts_triage,
    acts_writing,
    addresses,
    case_story,
    knowledge,
    referral_facts,
    referral_hub,
)
from desk.drawing import asked_for
from desk.forms import KeyedForm
from desk.forms_tasks import TaskForm
from desk.forms_telling import RungForm
from desk.queue_page import TONES
from desk.views import queue
from enquiries.queries import answers, at_place, calls_due, deadlines, holding
from enquiries.queries.deadlines import ClockLine
from enquiries.queries.desk import Case
from enquiries.queries.queue import QueuePage
from enquiries.queries.story import US
from enquiries.queries.writing import Arrives
from teamwork import queries_tasks
from teamwork.queries_tasks import TaskRow

# What the address of a case says of the page, and not of the list that somebody came from.
OWN = frozenset({"act", "withdraw", "story", "order", "place", "knowledge", "task", "from"})
# The parts of the page that htmx may ask for.
PARTS = {
    "case": "desk/case/body.html",
    "act": "desk/case/act.html",
    "preview": "desk/case/preview.html",
    "story": "desk/case/story.html",
    "beside": "desk/case/beside.html",
    "tasks": "desk/case/tasks.html",
    "place": "desk/case/place.html",
    "sent-to": "desk/case/sent_to.html",
    "knowledge": "desk/case/knowledge.html",
    "nameplate": "desk/case/nameplate.html",
}
Refused = tuple[acts.CaseAct, KeyedForm]


def context_of(request: HttpRequest) -> str:
    """The list that the viewer came from, as a query string."""
    query = addresses.query_of(request)
    return urlencode({name: value for name, value in query.items() if name not in OWN})


class CasePage:
    """One case for one viewer, with what is open on the page and what was refused."""

    def __init__(
        self,
        request: HttpRequest,
        who: Viewer,
        case: Case,
        *,
        now: datetime,
        refused: Refused | None = None,
        refused_referral: referral_hub.Refused | None = None,
        opened: Refused | None = None,
        task_form: TaskForm | None = None,
    ) -> None:
        self.request, self.who, self.case, self.now = request, who, case, now
        self.refused, self._refused_referral = refused, refused_referral
        self._shown, self._task_form = refused or opened, task_form
        self.context = context_of(request)
        self.here = f"/desk/cases/{case.enquiry.reference}/"
        self.is_for_outside = False
        self.sees_people = who.may(Permission.SEE_PEOPLE)
        self.takes_contacts = who.may(Permission.HANDLE_CONTACTS)
        self.may_join = who.may(Permission.RESOLVE)

    @cached_property
    def in_hand(self) -> str:
        """Who works on it: one of the hub, or whoever accepted it for a partner."""
        if self.case.enquiry.assignee is not None:
            return str(self.case.enquiry.assignee)
        found = (row.accepted_by for row in self.case.referrals if row.status == "accepted")
        return next(found, "")

    @cached_property
    def is_held(self) -> bool:
        return holding.is_held(self.case.enquiry)

    @cached_property
    def answers(self) -> Sequence[answers.Said]:
        """What the service's questions were answered."""
        return [] if self.case.is_hidden else answers.in_words(self.case.enquiry)

    @property
    def says_more(self) -> bool:
        """Whether its words say more than these answers."""
        return self.case.is_hidden or answers.says_more(self.case.enquiry, self.answers)

    @property
    def promise(self) -> tuple[str, str]:
        """What is left of the promise: the tone of its tag, and the words."""
        left = self.case.time_left
        return TONES.get(left.state, ""), left.words

    @cached_property
    def clocks(self) -> list[ClockLine]:
        return deadlines.in_words(self.case.clock_rows, now=self.now)

    @cached_property
    def points(self) -> list[dict[str, object]]:
        """The place of a case for a small map, where it has one that the viewer reads."""
        enquiry = self.case.enquiry
        if self.case.is_hidden or enquiry.latitude is None:
            return []
        words = enquiry.address or enquiry.postcode
        return [{"number": 1, "lat": enquiry.latitude, "lon": enquiry.longitude, "words": words}]

    @property
    def map(self) -> dict[str, object]:
        return {
            "tiles": settings.MAP_TILE_URL,
            "attribution": settings.MAP_ATTRIBUTION,
            "is_of_use": bool(settings.MAP_TILE_URL) or boundaries.is_drawable(),
        }

    @cached_property
    def story(self) -> case_story.Story:
        """What happened, as somebody chose to read it."""
        lines = [*self.case.lines, *acts_tasks.in_story(self.tasks)]
        if self.is_for_outside:
            lines = [one for one in lines if one.seen_by != US]
        return case_story.told(
            lines,
            [] if self.case.is_over else self.clocks,
            sort=self.request.GET.get("story", ""),
            order=self.request.GET.get("order") or self.request.COOKIES.get(case_story.COOKIE, ""),
        )

    @cached_property
    def tasks(self) -> list[TaskRow]:
        """What is to be done beside the case itself."""
        return queries_tasks.of_case(self.case)

    @property
    def has_tasks(self) -> bool:
        """Whether the viewer adds tasks and ticks them off."""
        return queries_tasks.may(self.who) and not self.case.is_hidden

    @cached_property
    def task_form(self) -> TaskForm | None:
        """The form for one more, where it was asked for."""
        if self._task_form is not None or not self.has_tasks:
            return self._task_form
        if self.request.GET.get("task") != "new":
            return None
        form = TaskForm(viewer=self.who, auto_id=acts_tasks.IDS)
        form.fields["words"].widget.attrs["autofocus"] = True
        return form

    @cached_property
    def list_to_take(self) -> bool:
        """Whether the service has a list that was not taken; asked with the form alone."""
        if self.task_form is None or self.case.enquiry.service_id is None:
            return False
        return bool(queries_tasks.list_of(self.case.enquiry.service_id))

    @property
    def shows_place(self) -> bool:
        """Whether what else happened at the place is asked for."""
        return "place" in self.request.GET

    @cached_property
    def at_place(self) -> list[at_place.Elsewhere]:
        """What else was told of the place of the case."""
        return at_place.others(self.who, self.case.enquiry) if not self.case.is_hidden else []

    @cached_property
    def acts(self) -> list[acts.CaseAct]:
        """What may be done to it now."""
        return acts.open_to(self.who, self.case)

    @cached_property
    def opened(self) -> dict[str, Any] | None:
        """The act that is open, with its form: the one that was refused, else the one asked for."""
        if self._shown is not None:
            return {"act": self._shown[0], "form": self._shown[1]}
        name = self.request.GET.get("act", "")
        # What somebody was writing when the browser went away stands open, to be offered again.
        wanted = {name} if name or asked_for(self.request) else self.begun
        act = next((one for one in self.acts if one.name in wanted), None)
        if act is None:
            return None
        form = acts.case_form(act, self.case)
        first = next(iter(form.visible_fields()), None)
        if name and first is not None:
            # Who opened it goes on typing.
            first.field.widget.attrs["autofocus"] = True
        return {"act": act, "form": form}

    @cached_property
    def preview(self) -> Arrives | None:
        """The very message that stands in the box."""
        if self._shown is None:
            return None
        return acts_writing.preview(self._shown[0], self.case, self._shown[1], self.now)

    @cached_property
    def frame(self) -> dict[str, object]:
        """What a text begins and ends with."""
        return acts_writing.frame(self.case, self.now)

    @cached_property
    def begun(self) -> frozenset[str]:
        """The acts that the viewer was writing and did not send."""
        about = f"case:{self.case.enquiry.reference}:"
        return teamwork.queries_drafts.begun(self.who, about)

    @property
    def refused_form(self) -> KeyedForm | None:
        return self.refused[1] if self.refused is not None else None

    @cached_property
    def suggested(self) -> list[acts_links.Suggested]:
        return acts_links.suggested(self.case) if self.case.can_join else []

    @cached_property
    def tied(self) -> list[acts_links.Tied]:
        return acts_links.tied(self.case)

    @cached_property
    def triage(self) -> acts_triage.Triage | None:
        return acts_triage.of_case(self.who, self.case)

    @cached_property
    def knowledge(self) -> dict[str, Any]:
        """What can be read out about it."""
        return knowledge.of_case(self.who, self.case.enquiry)

    @property
    def shows_knowledge(self) -> bool:
        """Whether it was asked for; else the page fetches it when it comes into sight."""
        return "knowledge" in self.request.GET or asked_for(self.request) == "knowledge"

    @cached_property
    def files(self) -> list[dict[str, object]]:
        if not self.case.has_files:
            return []
        return referral_facts.files_of_case(self.who, self.case.enquiry.reference)

    @cached_property
    def sent_to(self) -> list[referral_hub.SentTo]:
        return referral_hub.sent_to(
            self.who,
            self.case,
            now=self.now,
            opened=self.request.GET.get("withdraw", ""),
            refused=self._refused_referral,
        )

    @cached_property
    def beside(self) -> QueuePage:
        """The list that the viewer came from."""
        return queue.beside(self.request, self.who, self.now)

    @property
    def is_beside(self) -> bool:
        reference = self.case.enquiry.reference
        return any(row.reference == reference for row in self.beside.rows)

    @cached_property
    def mails(self) -> Sequence[inbox.queries_mail.Letter]:
        if self.case.is_hidden:
            return []
        return inbox.queries_mail.of_case(self.case.enquiry.reference)

    @cached_property
    def calls_due(self) -> list[dict[str, object]]:
        """What is to be told by telephone, for who may know the person."""
        if self.case.is_hidden or not (self.case.has_calls and self.sees_people):
            return []
        return [
            {
                "public_id": one.public_id,
                "why": one.why,
                "words": one.words,
                "form": RungForm(auto_id=f"call_{number}_%s"),
            }
            for number, one in enumerate(calls_due.of_case(self.case.enquiry.reference))
        ]

    @cached_property
    def told(self) -> list[notifications.queries.Told]:
        return notifications.queries.about(self.case.enquiry.reference)

    @property
    def texts_them(self) -> bool:
        known = self.case.enquiry.person_id is not None and not self.case.is_hidden
        return known and self.may_join
