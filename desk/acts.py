"""What may be done to a case in place: form, permission, the one call, last word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

import kb.questions
from accounts.permissions import Permission, Viewer
from desk import acts_files, acts_neighbours, acts_writing, choices, forms_questions, merging
from desk.acts_links import LINK_ACTS
from desk.case_act import CaseAct, Data, Done
from desk.forms import KeyedForm
from desk.forms_acts import (
    FollowForm,
    PriorityForm,
    ReferForm,
    ReopenForm,
    ResolveForm,
    ServiceForm,
    TestForm,
)
from desk.forms_dates import NewDateForm
from desk.forms_questions import AnswersForm
from desk.taking_back import FOR_GOOD
from enquiries.actions import (
    answering,
    following,
    new_dates,
    recounts,
    referrals,
    resolutions,
    seen,
    triage,
    trying_out,
)
from enquiries.actions.seen import About
from enquiries.channels import Channel
from enquiries.lifecycle import Outcome, Priority
from enquiries.queries import access
from enquiries.queries import desk as reading
from enquiries.queries.desk import Case
from enquiries.vocabulary import EventType
from teamwork import actions_undo
from teamwork.scopes import Asked

__all__ = [
    "CASE_ACTS", "CaseAct", "Data", "Done", "case_act", "case_form", "do", "do_merged",
    "do_undoable", "laid_out", "open_to", "shown_now",
]  # fmt: skip

Act = TypeVar("Act")


def _new_date(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    new_dates.by_hub(reference=reference, viewer=who, day=data["day"], words=data["words"], now=now)


def _place(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    triage.place(reference=reference, viewer=who, service=data["service"], now=now)


def _answers(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    said = forms_questions.answers(data)
    answering.answer(reference=reference, viewer=who, answers=said, now=now)


def _priority(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    recounts.set_priority(
        reference=reference,
        viewer=who,
        priority=Priority(data["priority"]),
        words=data["words"],
        now=now,
    )


def _refer(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    sent = referrals.offer(
        reference=reference,
        viewer=who,
        organisation=data["organisation"],
        reason=data["reason"],
        alongside=bool(data.get("beside")),
        now=now,
    )
    return Done() if sent else Done("They rejected it before, so a duty manager decides")


def _resolve(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    resolutions.resolve(
        reference=reference,
        viewer=who,
        outcome=Outcome(data["outcome"]),
        words=data["words"],
        next_step=data["next_step"],
        now=now,
    )


def _reopen(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    resolutions.reopen(reference=reference, viewer=who, words=data["words"], now=now)


def _follow(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    new = following.follow(
        reference=reference,
        viewer=who,
        channel=Channel(data["channel"]),
        words=data["words"],
        now=now,
    )
    return Done(lands_at=new)


def _test(reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    is_test = data["so"] == TestForm.OURS
    trying_out.mark(reference=reference, viewer=who, is_test=is_test, words=data["words"], now=now)
    return Done("" if is_test else "It counts like any other")


_WHOSE = frozenset({About.OWNER, About.OUTCOME})

CASE_ACTS: tuple[CaseAct, ...] = (
    acts_writing.REPLY,
    acts_writing.ASK,
    CaseAct(
        "new-date", "Say a new date", "Tell the citizen the new date", NewDateForm,
        Permission.RESOLVE, "can_tell", _new_date, "The citizen is being told the new date",
        about=frozenset({About.OUTCOME}),
    ),
    CaseAct(
        "refer", "Send to an organisation", "Send it there", ReferForm,
        Permission.REFER, "can_refer", _refer, "Sent on", selects=("organisations",),
        about=_WHOSE,
    ),
    CaseAct(
        "service", "Change the service", "Set the service", ServiceForm,
        Permission.TRIAGE, "can_triage", _place, "Service set, and routed anew",
        selects=("services",),
        about=_WHOSE | {About.SERVICE}, merges=_WHOSE,
    ),
    CaseAct(
        "answers", "Answer its questions", "Keep the answers", AnswersForm,
        Permission.TRIAGE, "can_triage", _answers, "Answers kept",
        about=_WHOSE | {About.SERVICE}, merges=frozenset({About.OUTCOME}),
    ),
    CaseAct(
        "priority", "Change the priority", "Set the priority", PriorityForm,
        Permission.TRIAGE, "can_triage", _priority, "Priority set, and its times counted again",
        about=frozenset({About.PRIORITY}), merges=frozenset(),
    ),
    CaseAct(
        "resolve", "Resolve", "Resolve and tell the citizen", ResolveForm,
        Permission.RESOLVE, "can_resolve", _resolve, "Resolved. The citizen is being told",
        about=_WHOSE,
    ),
    CaseAct(
        "reopen", "Open again", "Open it again", ReopenForm,
        Permission.RESOLVE, "can_reopen", _reopen, "Open again, in the hub's queue",
        about=frozenset({About.OUTCOME}),
    ),
    CaseAct(
        "follow", "It is not solved", "Make a new one that follows", FollowForm,
        Permission.RESOLVE, "can_follow", _follow, "New, and follows the one that was closed",
        about=frozenset({About.OUTCOME}),
    ),
    acts_writing.NOTE,
    acts_files.FILE,
    CaseAct(
        "test", "Is it a test?", "Say so", TestForm, Permission.RESOLVE, "can_note", _test,
        "Marked as a test: no figure counts it",
    ),
    *acts_neighbours.NEIGHBOUR_ACTS,
    *LINK_ACTS,
)  # fmt: skip


def _selects(names: Iterable[str]) -> dict[str, choices.Choices]:
    makers: dict[str, Callable[[], choices.Choices]] = {
        "services": choices.services,
        "organisations": choices.acting,
    }
    return {name: makers[name]() for name in names}


def case_form(
    act: CaseAct,
    case: Case,
    data: QueryDict | None = None,
    begun: Mapping[str, Any] | None = None,
    files: MultiValueDict[str, UploadedFile[Any]] | None = None,
) -> KeyedForm:
    """The form of an act, with ids of its own; `begun` is what stands in it already."""
    initial, more = dict(begun or {}), dict[str, Any](_selects(act.selects))
    if act.name == "answers":
        initial = forms_questions.initial(case.enquiry.answers)
        more["service"] = case.enquiry.service
    if act.name == "service" and case.enquiry.service is not None:
        initial["service"] = case.enquiry.service.slug
    if act.name == "priority":
        initial["priority"] = case.enquiry.priority
    if act.name == "neighbours":
        more |= acts_neighbours.filled(case)
        initial = more.pop("initial")
    more |= acts_writing.more(act, case)
    form = act.form(data, files, initial=initial, auto_id=f"{act.name}_%s", **more)
    if act.name == "refer" and all(row.settled_at for row in case.referrals):
        del form.fields["beside"]
    if act.about:
        form.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        form.initial["version"] = case.enquiry.version
    if act.merges is not None:
        merging.keep(form, case)
    return form


def do(act: CaseAct, reference: str, who: Viewer, data: Data, now: datetime) -> Done:
    """Does one thing to a case, unless what it decides was decided since the page was made."""
    seen.unchanged(reference=reference, viewer=who, version=data.get("version"), about=act.about)
    return act.call(reference, who, data, now) or Done()


_TIES = frozenset({"join", "part"})


def do_undoable(
    act: CaseAct, reference: str, who: Viewer, data: Data, now: datetime
) -> tuple[Done, actions_undo.Left | None]:
    """The same, with how it can be taken back, where that is possible."""
    return _undoable(act, reference, who, data, now, partial(do, act, reference, who, data, now))


def _undoable(
    act: CaseAct, reference: str, who: Viewer, data: Data, now: datetime, work: Callable[[], Done]
) -> tuple[Done, actions_undo.Left | None]:
    if f"case:{act.name}" in FOR_GOOD:
        return work(), None
    ties = [data["other"]] if act.name == "join" else []
    with actions_undo.cases(
        who,
        reference,
        *ties,
        words=f"{reference}: {act.done}",
        about=f"/desk/cases/{reference}/",
        now=now,
        tied=act.name in _TIES,
        beside=[Asked("neighbours", reference)] if act.name == "neighbours" else (),
    ) as undo:
        done = work()
    return done, undo.left


def do_merged(
    act: CaseAct,
    reference: str,
    form: KeyedForm,
    posted: QueryDict,
    who: Viewer,
    data: Data,
    now: datetime,
) -> tuple[Done, actions_undo.Left | None]:
    """The same for an act that edits fields: what others changed meanwhile holds beside it.

    Raises merging.BothChanged where it is the same field.
    """

    def work() -> Done:
        access.for_desk(who, reference)
        case = reading.case(who, reference, now=now)
        kept = merging.merged(form, data, posted, merging.snapshot(form, case))
        seen.unchanged(
            reference=reference,
            viewer=who,
            version=data.get("version"),
            about=act.merges or (),
            beside=frozenset({EventType.TRIAGED}),
        )
        return act.call(reference, who, kept, now) or Done()

    return _undoable(act, reference, who, data, now, work)


def shown_now(form: KeyedForm, case: Case) -> None:
    """A form that comes back is sent again from the page as it is now."""
    if "version" in form.fields:
        data = cast("QueryDict", form.data).copy()
        data["version"] = str(case.enquiry.version)
        form.data = data


def case_act(name: str) -> CaseAct | None:
    """An act by the last part of its address."""
    return next((act for act in CASE_ACTS if act.name == name), None)


def open_to(who: Viewer, case: Case) -> list[CaseAct]:
    """The acts that this viewer may do now."""
    return [
        act
        for act in CASE_ACTS
        if not act.in_place
        and who.may(act.permission)
        and getattr(case, act.may)
        and (act.name != "answers" or kb.questions.of(case.enquiry.service))
        and (act.name != "neighbours" or acts_neighbours.may(case))
    ]


def laid_out(
    acts: Iterable[Act], form_of: Callable[[Act], KeyedForm], refused: tuple[Act, KeyedForm] | None
) -> list[dict[str, Any]]:
    """Acts with their forms, closed. One that was refused comes first, open, with its words."""
    forms: list[dict[str, Any]] = [
        {"act": act, "form": form_of(act), "open": False}
        for act in acts
        if refused is None or act != refused[0]
    ]
    if refused is not None:
        forms.insert(0, {"act": refused[0], "form": refused[1], "open": True})
    return forms
