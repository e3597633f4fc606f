"""What an officer may do to a referral in place: form, when, the one call, last word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.permissions import Viewer
from desk import choices
from desk.forms import KeyedForm
from desk.forms_dates import NewDateForm
from desk.referral_forms import (
    PUBLIC,
    AskForm,
    AttachForm,
    CompleteForm,
    GiveBackForm,
    HandOverForm,
    MoveTeamForm,
    NoteForm,
    OneTapForm,
    RejectForm,
    audience,
)
from enquiries.actions import attachments, new_dates, referral_notes, referrals
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.queries import referrals as reading
from enquiries.queries.referrals import ReferralCase

Data = Mapping[str, Any]
May = Callable[[ReferralCase, Viewer], bool]
OFFERED, ACCEPTED = "offered", "accepted"


@dataclass(frozen=True, slots=True)
class ReferralAct:
    """One thing that an organisation may do with a referral, `may` saying when.

    `group` is the row of the page it stands in, `key` the key that leads to it, `previews` the
    message that a citizen would get, `selects` what its form offers to choose from.
    """

    name: str
    words: str
    button: str
    form: type[KeyedForm]
    group: str
    may: May
    call: Callable[[UUID, Viewer, Data, datetime], object]
    done: str
    key: str = ""
    tone: str = ""
    previews: str = ""
    selects: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in; else it is one button."""
        return self.form is not OneTapForm


def _accept(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.accept(public_id=public_id, viewer=who, now=now)


def _take(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.take(public_id=public_id, viewer=who, now=now)


def _put_back(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.put_back(public_id=public_id, viewer=who, now=now)


def _complete(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    outcome = Outcome(data["outcome"])
    referrals.complete(
        public_id=public_id,
        viewer=who,
        outcome=outcome,
        words=data["words"],
        next_step=data["next_step"] if outcome is Outcome.DECIDED_NO else "",
        now=now,
    )


def _ask(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    unforeseeable = data["unforeseeable"]
    referrals.ask(
        public_id=public_id, viewer=who, question=data["words"], unforeseeable=unforeseeable,
        now=now,
    )  # fmt: skip


def _new_date(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    new_dates.by_organisation(
        public_id=public_id, viewer=who, day=data["day"], words=data["words"], now=now
    )


def _note(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referral_notes.note(
        public_id=public_id, viewer=who, words=data["words"], seen_by=data["seen_by"],
        sends_away=data["sends_away"], now=now,
    )  # fmt: skip


def _attach(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    file: UploadedFile[Any] = data["file"]
    attachments.attach(
        public_id=public_id,
        viewer=who,
        name=file.name or "",
        content=file.read(),
        seen_by=data["seen_by"],
        now=now,
    )


def _reject(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.reject(
        public_id=public_id,
        viewer=who,
        reason=RejectReason(data["reason"]),
        words=data["words"],
        suggested=data["suggested"],
        now=now,
    )


def _give_back(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.give_back(
        public_id=public_id, viewer=who, question=data["question"], words=data["words"], now=now
    )


def _hand_over(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.hand_over(
        public_id=public_id,
        viewer=who,
        to_user_id=data["colleague"],
        words=data["words"],
        now=now,
    )


def _move_team(public_id: UUID, who: Viewer, data: Data, now: datetime) -> None:
    referrals.move_team(public_id=public_id, viewer=who, team_id=data["team"], now=now)


def _offered(case: ReferralCase, who: Viewer) -> bool:
    return bool(case.referral.status == OFFERED)


def _accepted(case: ReferralCase, who: Viewer) -> bool:
    return bool(case.referral.status == ACCEPTED)


def _live(case: ReferralCase, who: Viewer) -> bool:
    return case.referral.settled_at is None


def _free(case: ReferralCase, who: Viewer) -> bool:
    return _accepted(case, who) and case.referral.assignee_id is None


def _mine(case: ReferralCase, who: Viewer) -> bool:
    return _live(case, who) and case.referral.assignee_id == who.id


PRIMARY, WORK, PASS_ON = "primary", "work", "pass"
GROUPS = ((WORK, "Work on it"), (PASS_ON, "Pass it on"))

REFERRAL_ACTS: tuple[ReferralAct, ...] = (
    ReferralAct(
        "accept", "Accept", "Accept", OneTapForm, PRIMARY, _offered, _accept,
        "Accepted, and yours. The citizen is being told that you deal with it", key="a",
    ),
    ReferralAct(
        "take", "Take it", "Take it", OneTapForm, PRIMARY, _free, _take, "It is yours", key="a",
    ),
    ReferralAct(
        "complete", "Complete", "Complete and tell the citizen", CompleteForm, WORK, _accepted,
        _complete, "Completed", key="c", previews="resolved",
    ),
    ReferralAct(
        "ask", "Ask the citizen", "Send the question", AskForm, WORK, _accepted, _ask,
        "The question is on its way. The work waits for the answer", key="q", previews="asked",
    ),
    ReferralAct(
        "new-date", "Say a new date", "Tell the citizen the new date", NewDateForm, WORK,
        _accepted, _new_date, "The citizen is being told the new date", key="d",
    ),
    ReferralAct(
        "note", "Write a note", "Save it for them", NoteForm, WORK, _live, _note, "", key="n",
        previews="replied", selects=("readers",),
    ),
    ReferralAct(
        "attach", "Add a file", "Add the file", AttachForm, WORK, _live, _attach,
        "The file is added", key="f", selects=("readers",),
    ),
    ReferralAct(
        "reject", "Not ours", "Send it back to the hub", RejectForm, PASS_ON, _live, _reject,
        "Back with the hub", key="r", tone="warning", selects=("organisations",),
    ),
    ReferralAct(
        "give-back", "Something is missing", "Give it back to the hub", GiveBackForm, PASS_ON,
        _live, _give_back, "Back with the hub, which asks for what is missing", key="m",
        tone="warning",
    ),
    ReferralAct(
        "hand-over", "Hand to a colleague", "Hand it over", HandOverForm, PASS_ON, _live,
        _hand_over, "Handed over", key="h", selects=("colleagues",),
    ),
    ReferralAct(
        "move-team", "Move to another team", "Move it", MoveTeamForm, PASS_ON, _live, _move_team,
        "With the other team now", selects=("teams",),
    ),
    ReferralAct(
        "put-back", "Put it back", "Put it back", OneTapForm, PASS_ON, _mine, _put_back,
        "Anybody in your team can take it now",
    ),
)  # fmt: skip

NOTE_KEPT = {
    "us": "Note kept. Only your organisation reads it",
    "hub": "Note kept. Your organisation and the hub read it",
    PUBLIC: "The citizen is being told",
}


def referral_act(name: str) -> ReferralAct | None:
    """An act by the last part of its address."""
    return next((act for act in REFERRAL_ACTS if act.name == name), None)


def done_words(act: ReferralAct, data: Data) -> str:
    """What was done, in words: of a note, who reads it."""
    return NOTE_KEPT[data["seen_by"]] if act.name == "note" else act.done


def public_words(act: ReferralAct, data: Data) -> str:
    """All that a citizen would read of an act's words."""
    step = data.get("next_step", "") if data.get("outcome") == Outcome.DECIDED_NO.value else ""
    return f"{data['words']}\n\n{referrals.NEXT_STEP}{step}" if step else str(data["words"])


@dataclass(slots=True)
class Offers:
    """What the forms of a page offer to choose from, looked up by those that ask for it."""

    who: Viewer
    case: ReferralCase | None = None

    def named(self, names: tuple[str, ...]) -> dict[str, choices.Choices]:
        """The choices by the name that the form knows them by."""
        makers: dict[str, Callable[[], choices.Choices]] = {
            "organisations": self._organisations,
            "colleagues": self._colleagues,
            "teams": self._teams,
            "readers": lambda: audience(self.who.organisation_name),
        }
        return {name: makers[name]() for name in names}

    def _organisations(self) -> choices.Choices:
        return [one for one in choices.acting() if one[0] != self.who.organisation_slug]

    def _colleagues(self) -> choices.Choices:
        has_it = self.case.referral.assignee_id if self.case else None
        return [
            (str(one.pk), f"{one.name} (you)" if one.pk == self.who.id else one.name)
            for one in reading.colleagues(self.who)
            if one.pk != has_it
        ]

    def _teams(self) -> choices.Choices:
        here = self.case.referral.team_id if self.case else None
        return [
            (value, words)
            for value, words in choices.teams_of(self.who.organisation_slug)
            if value != str(here)
        ]


def referral_form(
    act: ReferralAct,
    offers: Offers,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile[Any]] | None = None,
) -> KeyedForm:
    """The form of an act, with ids of its own: several stand on one page."""
    return act.form(data, files, auto_id=f"{act.name}_%s", **offers.named(act.selects))


def open_to(who: Viewer, case: ReferralCase) -> list[ReferralAct]:
    """What may be done now."""
    return [act for act in REFERRAL_ACTS if act.may(case, who)]
