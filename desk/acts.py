"""What may be done to a case or a referral in place: form, permission, the one call, last word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import QueryDict

from accounts.permissions import Permission, Viewer
from desk import choices
from desk.forms import KeyedForm
from desk.forms_acts import (
    AcceptForm,
    AskForm,
    GiveBackForm,
    HandBackForm,
    NoteForm,
    PriorityForm,
    ReferForm,
    ReopenForm,
    ReplyForm,
    ResolveForm,
    ServiceForm,
)
from enquiries.actions import recounts, referrals, replies, resolutions, triage
from enquiries.lifecycle import Outcome, Priority, RejectReason
from enquiries.queries.desk import Case
from enquiries.queries.referrals import ReferralCase

Data = Mapping[str, Any]
Act = TypeVar("Act", "CaseAct", "ReferralAct")


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One thing that may be done to a case. `may` names what the case itself allows."""

    name: str
    words: str
    button: str
    form: type[KeyedForm]
    permission: Permission
    may: str
    call: Callable[[str, Viewer, Data, datetime], object]
    done: str
    tone: str = ""
    selects: tuple[str, ...] = ()


def _note(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    replies.note(reference=reference, viewer=who, words=data["words"], now=now)


def _reply(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    replies.reply(reference=reference, viewer=who, words=data["words"], now=now)


def _ask(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    replies.ask(reference=reference, viewer=who, question=data["words"], now=now)


def _place(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    triage.place(reference=reference, viewer=who, service=data["service"], now=now)


def _priority(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    recounts.set_priority(
        reference=reference,
        viewer=who,
        priority=Priority(data["priority"]),
        words=data["words"],
        now=now,
    )


def _refer(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    referrals.offer(
        reference=reference,
        viewer=who,
        organisation=data["organisation"],
        reason=data["reason"],
        now=now,
    )


def _resolve(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    resolutions.resolve(
        reference=reference,
        viewer=who,
        outcome=Outcome(data["outcome"]),
        words=data["words"],
        now=now,
    )


def _reopen(reference: str, who: Viewer, data: Data, now: datetime) -> None:
    resolutions.reopen(reference=reference, viewer=who, words=data["words"], now=now)


CASE_ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        "reply", "Tell the citizen", "Send these words", ReplyForm,
        Permission.RESOLVE, "can_tell", _reply, "The citizen is being told",
    ),
    CaseAct(
        "ask", "Ask the citizen", "Send the question", AskForm,
        Permission.RESOLVE, "can_ask", _ask, "The question is on its way. The case waits",
    ),
    CaseAct(
        "refer", "Send to an organisation", "Send it there", ReferForm,
        Permission.REFER, "can_refer", _refer, "Sent on", selects=("organisations",),
    ),
    CaseAct(
        "service", "Change the service", "Set the service", ServiceForm,
        Permission.TRIAGE, "can_triage", _place, "Service set, and routed anew",
        selects=("services",),
    ),
    CaseAct(
        "priority", "Change the priority", "Set the priority", PriorityForm,
        Permission.TRIAGE, "can_triage", _priority, "Priority set, and its times counted again",
    ),
    CaseAct(
        "resolve", "Resolve", "Resolve and tell the citizen", ResolveForm,
        Permission.RESOLVE, "can_resolve", _resolve, "Resolved. The citizen is being told",
    ),
    CaseAct(
        "reopen", "Open again", "Open it again", ReopenForm,
        Permission.RESOLVE, "can_reopen", _reopen, "Open again, in the hub's queue",
    ),
    CaseAct(
        "note", "Add a note", "Keep the note", NoteForm,
        Permission.RESOLVE, "can_note", _note, "Note kept",
    ),
)  # fmt: skip


def _selects(names: Iterable[str]) -> dict[str, choices.Choices]:
    makers: dict[str, Callable[[], choices.Choices]] = {
        "services": choices.services,
        "organisations": choices.acting,
    }
    return {name: makers[name]() for name in names}


def case_form(act: CaseAct, case: Case, data: QueryDict | None = None) -> KeyedForm:
    """The form of an act, with ids of its own: several stand on one page."""
    initial = {}
    if act.name == "service" and case.enquiry.service is not None:
        initial["service"] = case.enquiry.service.slug
    if act.name == "priority":
        initial["priority"] = case.enquiry.priority
    return act.form(data, initial=initial, auto_id=f"{act.name}_%s", **_selects(act.selects))


def case_act(name: str) -> CaseAct | None:
    """An act by the last part of its address."""
    return next((act for act in CASE_ACTS if act.name == name), None)


def open_to(who: Viewer, case: Case) -> list[CaseAct]:
    """The acts that this viewer may do now."""
    return [act for act in CASE_ACTS if who.may(act.permission) and getattr(case, act.may)]


@dataclass(frozen=True, slots=True)
class ReferralAct:
    """One thing that an organisation may answer to a referral in one of `states`."""

    name: str
    words: str
    button: str
    form: type[KeyedForm]
    states: frozenset[str]
    call: Callable[[UUID, Viewer, Data, datetime], object]
    done: str
    tone: str = ""


def _accept(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.accept(public_id=public_id, viewer=who, now=now)


def _complete(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.complete(
        public_id=public_id,
        viewer=who,
        outcome=Outcome(data["outcome"]),
        words=data["words"],
        now=now,
    )


def _ask_for(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.ask(public_id=public_id, viewer=who, question=data["words"], now=now)


def _reject(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.reject(
        public_id=public_id,
        viewer=who,
        reason=RejectReason(data.get("reason") or RejectReason.OTHER),
        words=data["words"],
        suggested=data.get("suggested", ""),
        now=now,
    )


def _give_back(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    question = data.get("question") or data["words"]
    referrals.give_back(public_id=public_id, viewer=who, question=question, now=now)


_OFFERED, _ACCEPTED = frozenset({"offered"}), frozenset({"accepted"})

REFERRAL_ACTS: tuple[ReferralAct, ...] = (
    ReferralAct(
        "accept", "Accept", "Accept", AcceptForm, _OFFERED, _accept,
        "Accepted. The citizen is being told that you deal with it",
    ),
    ReferralAct(
        "complete", "Complete", "Complete and tell the citizen", ResolveForm, _ACCEPTED, _complete,
        "Completed. The citizen is being told",
    ),
    ReferralAct(
        "ask", "Ask the citizen", "Send the question", AskForm, _ACCEPTED, _ask_for,
        "The question is on its way. The work waits for the answer",
    ),
    ReferralAct(
        "reject", "Not ours", "Send back to the hub", HandBackForm, _OFFERED | _ACCEPTED, _reject,
        "Back with the hub",
    ),
    ReferralAct(
        "give-back", "Something is missing", "Give back to the hub", GiveBackForm,
        _OFFERED | _ACCEPTED, _give_back, "Back with the hub, which asks for what is missing",
    ),
)  # fmt: skip


def referral_act(name: str) -> ReferralAct | None:
    """An answer by the last part of its address."""
    return next((act for act in REFERRAL_ACTS if act.name == name), None)


def referral_form(act: ReferralAct, data: QueryDict | None = None) -> KeyedForm:
    """The form of an answer, with ids of its own."""
    return act.form(data, auto_id=f"{act.name}_%s")


def laid_out(
    acts: Iterable[Act], form_of: Callable[[Act], KeyedForm], refused: tuple[Act, KeyedForm] | None
) -> list[dict[str, object]]:
    """Acts with their forms, closed. One that was refused comes first, open, with its words."""
    forms: list[dict[str, object]] = [
        {"act": act, "form": form_of(act), "open": False}
        for act in acts
        if refused is None or act != refused[0]
    ]
    if refused is not None:
        forms.insert(0, {"act": refused[0], "form": refused[1], "open": True})
    return forms


def answers_to(case: ReferralCase) -> list[ReferralAct]:
    """What may be answered now."""
    return [act for act in REFERRAL_ACTS if case.referral.status in act.states]
