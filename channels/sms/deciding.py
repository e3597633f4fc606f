"""What to make of a text, from its words and what is known of the telephone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from channels.sms import parsing
from channels.sms.parsing import Kind, Reading, Text
from enquiries.channels import ItemKind
from enquiries.lifecycle import Status
from enquiries.queries.texting import TextedCase

REFERENCE_QUOTED = "reference_quoted"
SAME_THREAD = "same_thread"


class Step(StrEnum):
    """What happens next: an answer without an enquiry, words on an earlier case, or a new one."""

    SILENCE = "silence"
    HELP = "help"
    EMPTY = "empty"
    STATUS = "status"
    WHICH = "which"
    ITEM = "item"
    NEW = "new"


WITHOUT_ENQUIRY = {
    Kind.STOP: Step.SILENCE,
    Kind.START: Step.SILENCE,
    Kind.HELP: Step.HELP,
    Kind.EMPTY: Step.EMPTY,
    Kind.STATUS: Step.STATUS,
    Kind.LANGUAGE: Step.HELP,
}
# After so long words that name a service are something new, without being asked about.
ASKED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Decision:
    """One step with what it needs. `about` and `evidence` tie a text to an earlier case."""

    step: Step
    about: str | None = None
    kind: ItemKind = ItemKind.NEW
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the words: the case quoted, the telephone's latest, the services."""

    quoted: TextedCase | None = None
    # The case about which staff wrote to this telephone last.
    written: TextedCase | None = None
    latest: TextedCase | None = None
    service: str | None = None
    # Where that is not sure: services with their names, to choose from.
    offered: tuple[tuple[str, str], ...] = ()
    # What is known already, where the words are a question that it answers.
    answer: str = ""
    district_codes: frozenset[str] = frozenset()
    now: datetime | None = None


def decide(text: Text, reading: Reading, known: Known) -> Decision:
    """The step that a text calls for. Words that nothing claims become an enquiry: none is lost."""
    if reading.kind in WITHOUT_ENQUIRY:
        return Decision(WITHOUT_ENQUIRY[reading.kind], about=reading.reference or None)
    if reading.kind is Kind.THANKS:
        if known.latest is None:
            return Decision(Step.HELP)
        return _item(known.latest, ItemKind.THANKS, SAME_THREAD)
    if known.quoted is not None:
        return _quoted(text, reading, known.quoted)
    if reading.kind is Kind.AGENT:
        return _to_person(known.latest)
    if known.written is not None and _replies(known, known.written):
        return _as_reply(about(text, reading, known.written, SAME_THREAD))
    if known.latest is not None and _carries_on(reading, known, known.latest):
        return _carried_on(reading, known.latest)
    return _new_or_not(reading, known)


def _to_person(case: TextedCase | None) -> Decision:
    """Who asks for a person is asked nothing: on what they have open, else as something new."""
    if case is None or not case.is_live:
        return Decision(Step.NEW)
    if case.status is Status.WAITING:
        return _item(case, ItemKind.REPLY_TO_US, SAME_THREAD)
    return _item(case, ItemKind.CHASE, SAME_THREAD)


def _new_or_not(reading: Reading, known: Known) -> Decision:
    """Words that belong to no case by themselves: a complaint of one that has ended, something
    that may be about a case, or something new."""
    case = known.latest
    if case is not None and _is_unsolved(reading, known, case):
        return _item(case, ItemKind.REPEAT, SAME_THREAD)
    if case is not None and _is_in_doubt(known, case):
        return Decision(Step.WHICH, about=case.reference)
    return Decision(Step.NEW)


def _item(case: TextedCase, kind: ItemKind, evidence: str) -> Decision:
    return Decision(Step.ITEM, about=case.reference, kind=kind, evidence=(evidence,))


def _as_reply(decision: Decision) -> Decision:
    """What answers words of ours is an answer, also where the case did not wait for one."""
    is_fact = decision.step is Step.ITEM and decision.kind is ItemKind.NEW_INFORMATION
    return replace(decision, kind=ItemKind.REPLY_TO_US) if is_fact else decision


def _replies(known: Known, case: TextedCase) -> bool:
    """Whether words answer what staff wrote: they name no other matter, and ask nothing that we
    know the answer of."""
    return known.service in (None, case.service) and not known.answer


def _is_unsolved(reading: Reading, known: Known, case: TextedCase) -> bool:
    """Whether words complain, name nothing, and we have told them a short while ago that it is
    done."""
    others = {slug for slug, _name in known.offered} - {case.service}
    is_done = case.status is Status.RESOLVED and known.service is None and not others
    return is_done and reading.complains and not known.answer


def _is_in_doubt(known: Known, case: TextedCase) -> bool:
    """Whether new words may be about a case of today, or about an older one unless they name
    another service: asked, not guessed.

    Not where the words are a question that we know the answer of.
    """
    is_of_today = known.now is not None and known.now - case.received_at < ASKED_WITHIN
    is_alike = known.service in (None, case.service)
    return case.is_live and (is_of_today or is_alike) and not known.answer


def _quoted(text: Text, reading: Reading, case: TextedCase) -> Decision:
    """A reference in the words ties them to its case, whoever's telephone it is."""
    return about(text, reading, case, REFERENCE_QUOTED)


def about(text: Text, reading: Reading, case: TextedCase, evidence: str) -> Decision:
    """What words are that speak of a case: thanks, an answer, a complaint, a chase, a fact."""
    if parsing.is_thanks(parsing.without_reference(text.words)):
        return _item(case, ItemKind.THANKS, evidence)
    if case.status is Status.WAITING:
        return _item(case, ItemKind.REPLY_TO_US, evidence)
    if case.status is Status.CLOSED:
        # Its time for questions is over: a new enquiry that says what it follows.
        return Decision(Step.NEW, about=case.reference, evidence=(evidence,))
    if case.status is Status.RESOLVED:
        kind = ItemKind.REPEAT if reading.complains else ItemKind.NEW_INFORMATION
        return _item(case, kind, evidence)
    kind = ItemKind.CHASE if reading.chases else ItemKind.NEW_INFORMATION
    return _item(case, kind, evidence)


def _carries_on(reading: Reading, known: Known, case: TextedCase) -> bool:
    """Whether words without a reference go on about the telephone's latest case.

    Only when they ask how it is going, or answer our question, and name no other matter.
    """
    if known.answer and not reading.expects and case.status is not Status.WAITING:
        # A question of its own, which has an answer: who asks it chases nobody.
        return False
    if known.service is not None and case.service is not None and known.service != case.service:
        return False
    if known.district_codes and case.district_code not in known.district_codes:
        return False
    if case.status is Status.WAITING:
        return True
    if case.is_live:
        return reading.chases
    return case.status is Status.RESOLVED and reading.chases and reading.complains


def _carried_on(reading: Reading, case: TextedCase) -> Decision:
    if case.status is Status.WAITING:
        return _item(case, ItemKind.REPLY_TO_US, SAME_THREAD)
    if case.is_live:
        return _item(case, ItemKind.CHASE, SAME_THREAD)
    return _item(case, ItemKind.REPEAT, SAME_THREAD)
