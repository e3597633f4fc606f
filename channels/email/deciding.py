"""What to do with a mail, from what it says and what is known. Pure.

In this order: a token of ours says which message it answers; a mail that we had before says which
thread it belongs to; a reference in the subject says which case is meant. The last two count only
for an address that is known on the case: anybody can write `From`. A token brings the words of
whoever has it to the case, and makes them nobody's: a mailbox has other readers, and old ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from channels.asking import replies
from channels.email.senders import Writer
from enquiries.channels import ItemKind
from enquiries.queries.mailing import MailedCase
from inbox.mails import MailKind

TOKEN, THREAD, REFERENCE = "token", "thread", "reference"
# A token, and nothing that says that whoever has our message now is whom it was for.
ALONE = "token_alone"
REFERENCE_QUOTED, SAME_THREAD = "reference_quoted", "same_thread"


class Step(StrEnum):
    """What becomes of it."""

    NEW = "new"
    ITEM = "item"
    IGNORE = "ignore"
    BOUNCE = "bounce"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the mail. `answered` is the case of a message of ours that it answers,
    `threaded` that of an earlier mail, `quoted` the one whose reference stands in the subject."""

    answered: MailedCase | None = None
    threaded: MailedCase | None = None
    quoted: MailedCase | None = None
    answers_staff: bool = False
    is_disowned: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """One step, with why; `about`, `kind` and `evidence` tie it to a case."""

    step: Step
    why: str = ""
    about: str = ""
    kind: ItemKind = ItemKind.NEW
    evidence: tuple[str, ...] = ()
    found_by: str = ""


IGNORED = {
    MailKind.OURS: "It came from our own address",
    MailKind.AUTOMATIC: "An automatic answer",
    MailKind.LIST: "A mail to many, from a list",
}


def decide(writer: Writer, known: Known, words: str) -> Decision:
    """The step that a mail calls for. `words` are those that somebody wrote themselves."""
    case, found_by = _case(known)
    about = case.reference if case is not None else ""
    if writer.kind is MailKind.BOUNCE:
        return Decision(Step.BOUNCE, "A report of a mail server", about, found_by=found_by)
    if writer.kind in IGNORED:
        return Decision(Step.IGNORE, IGNORED[writer.kind], about, found_by=found_by)
    if known.answers_staff:
        return Decision(Step.ASIDE, "It answers a message that we wrote to staff, not to a citizen")
    if case is None:
        # Somebody names a case that is not known to be theirs: it is said, and opens nothing.
        other = known.quoted
        evidence = (REFERENCE_QUOTED,) if other is not None else ()
        return Decision(Step.NEW, about=other.reference if other else "", evidence=evidence)
    kind = replies.kind_of(words, case.status)
    evidence = (REFERENCE_QUOTED if found_by == REFERENCE else SAME_THREAD,)
    step = Step.NEW if kind is ItemKind.NEW else Step.ITEM
    if step is Step.ITEM and found_by == TOKEN and (known.is_disowned or not case.is_current):
        found_by = ALONE
    return Decision(step, "", about, kind, evidence, found_by)


def _case(known: Known) -> tuple[MailedCase | None, str]:
    if known.answered is not None:
        return known.answered, TOKEN
    if known.is_disowned:
        return None, ""
    for case, found_by in ((known.threaded, THREAD), (known.quoted, REFERENCE)):
        if case is not None and case.is_theirs:
            return case, found_by
    return None, ""
