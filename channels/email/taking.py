"""Takes one mail: reads it, decides, and does it once, wherever it is killed.

A mail that cannot be taken is set aside for a person, with the reason, and stops no other: each is
a promise of its own, and what ends the process again and again is given up after a few tries.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

import customers.queries
import notifications.mail_back
from accounts import areas
from channels.asking import limits
from channels.email import deciding, filing, mime, quoted, reports, senders, trust
from channels.email.deciding import Decision, Known, Step
from channels.email.mime import Mail
from channels.email.senders import Writer
from core import failpoints, outbox, references
from core.errors import DomainError
from core.privacy import address_hash
from customers.contact import NotAnEmailAddress, read_email
from enquiries import intake
from enquiries.actions import telling_mail
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import (
    LANGUAGE,
    SUBMITTED,
    UNCONFIRMED,
    InboundContact,
    Need,
    Place,
    Sender,
)
from enquiries.queries import mailing
from enquiries.queries.mailing import MailedCase
from inbox import actions_mail, queries_mail
from inbox.actions_mail import ReadAs
from inbox.mails import MailKind
from inbox.queries_mail import Waiting
from notifications import threads

# Longer than the largest mail takes, with every picture in it drawn anew.
LEASE_SECONDS = 180
MOST_TRIES = 4
# From one address: more than anybody writes, and what two machines that answer each other do.
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 30
STOPPED_US = f"We tried to read it {MOST_TRIES} times, and each try broke off"
NO_WORDS = "Its words are in a page (HTML) that we could not read"
_ROOM = intake.MAX_WORDS - 120
# Why a person should look at a mail first; the desk has words for each.
SUSPICIONS = ("sender_disowned", "called_spam")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with all that was found out about it."""

    pk: int
    kept: Waiting
    mail: Mail
    # The sender's address as we keep it; empty where it is none.
    address: str
    subject: str
    own: str
    folded: str
    writer: Writer
    checks: dict[str, str]
    decision: Decision

    @property
    def is_mute(self) -> bool:
        """No words came of it, and what its page holds we could not read."""
        return self.mail.is_partly_read and not self.own

    @property
    def key(self) -> str:
        """Under which intake knows it."""
        return f"mail:{self.kept.public_id.hex}"


def carry_out(row: outbox.Row, *, now: datetime) -> None:
    """Takes the mail of a promise, and settles it; what went wrong for a moment is tried again."""
    pk = row.args["mail_id"]
    tries = actions_mail.begin(pk)
    if not tries:
        outbox.settle(row.id, now=now)
        return
    failpoints.reach("mail.begun")
    try:
        trouble = STOPPED_US if tries > MOST_TRIES else _try(pk, tries=tries, now=now)
    except (OperationalError, InterfaceError) as error:
        # The database was away: no fault of the mail. Should it be so still, the lease ends.
        with suppress(DatabaseError, InterfaceError):
            actions_mail.take_back_try(pk)
            outbox.postpone(row.id, now=now, error=f"{type(error).__name__}: {error}")
        return
    except Exception as error:
        if tries < MOST_TRIES:
            log.warning("mail.not_taken", mail=pk, tries=tries, error=type(error).__name__)
            outbox.postpone(row.id, now=now, error=f"{type(error).__name__}: {error}")
            return
        log.exception("mail.set_aside", mail=pk)
        trouble = f"Something went wrong with it ({type(error).__name__})"
    with transaction.atomic():
        if trouble:
            actions_mail.aside(pk, why=trouble, now=now)
        outbox.settle(row.id, now=now)


def _try(pk: int, *, tries: int, now: datetime) -> str:
    """Takes a mail; why it is to be set aside, or "" when it is done."""
    kept = queries_mail.waiting(pk)
    if kept is None:
        return ""
    if not kept.raw:
        return "The mail server could not give it to us"
    try:
        letter = _letter(pk, kept, now=now)
    except mime.Unreadable as error:
        return f"We could not read it. {error}"
    actions_mail.note(pk, _as_read(letter))
    try:
        return _do(letter, is_last=tries >= MOST_TRIES, now=now)
    except DomainError as error:
        return error.message


def file_by_hand(row: outbox.Row, *, now: datetime) -> None:
    """Keeps the files of a mail with the case that a person made of it."""
    pk = row.args["mail_id"]
    reference, raw = queries_mail.taken(pk)
    lines: list[str] = []
    if raw:
        is_last = row.attempts >= MOST_TRIES
        with suppress(mime.Unreadable):
            lines = filing.with_case(reference, mime.read(raw).files, is_last=is_last, now=now)
    with transaction.atomic():
        actions_mail.left_out(pk, lines)
        outbox.settle(row.id, now=now)


def own_addresses() -> frozenset[str]:
    """The addresses that are ours: what comes from them is not answered."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    return frozenset({settings.HUB_MAIL_ADDRESS, sender, *settings.HUB_MAIL_ALIASES} - {""})


def _letter(pk: int, kept: Waiting, *, now: datetime) -> Letter:
    mail = mime.read(kept.raw)
    words = quoted.split(mail.words)
    if not words.own and mail.forwarded:
        words = quoted.split(mail.forwarded)
    elif mail.forwarded:
        words = quoted.Split(words.own, f"{words.folded}\n\n{mail.forwarded}".strip())
    try:
        address = read_email(mail.sender) if mail.sender else ""
    except NotAnEmailAddress:
        address = ""
    ids = threads.ours_in(f"{mail.to} {mail.answers}")
    checks = trust.checks(
        mail.received, settings.MAIL_AUTHSERV_ID, hops=settings.MAIL_RECEIVED_HOPS
    )
    writer = senders.who_wrote(mail, own=own_addresses(), answers_us=bool(ids or _returned(mail)))
    if threads.ours_in(mail.message_id):
        writer = Writer(MailKind.OURS, may_answer=False)
    known = _known(mail, kept, address, ids, is_disowned=trust.is_disowned(checks))
    return Letter(
        pk=pk,
        kept=kept,
        mail=mail,
        address=address,
        subject=filing.plain_subject(mail.subject),
        own=words.own,
        folded=words.folded,
        writer=writer,
        checks=checks,
        decision=deciding.decide(writer, known, words.own),
    )


def _returned(mail: Mail) -> list[str]:
    """The messages of ours that a mail server sends back inside a mail."""
    if reports.is_server(mail.sender) or reports.has_no_sender(mail.headers):
        return threads.ours_in(f"{mail.carried}\n{mail.words}")
    return []


def _known(mail: Mail, kept: Waiting, address: str, ids: list[str], *, is_disowned: bool) -> Known:
    answered = notifications.mail_back.answered(ids) if ids else None
    digests = [actions_mail.digest_of(one.encode(), b"") for one in mail.answers.split()[-20:]]
    threaded = queries_mail.threaded(kept.mailbox, digests) if digests else ""
    named = references.find(mail.subject)
    return Known(
        answered=_case(answered.about if answered else "", address),
        threaded=_case(threaded, address),
        quoted=_case(named[0] if named else "", address),
        answers_staff=answered is not None and answered.is_to_staff,
        is_disowned=is_disowned,
    )


def _case(reference: str, address: str) -> MailedCase | None:
    return mailing.by_reference(reference, address) if reference else None


def _as_read(letter: Letter) -> ReadAs:
    return ReadAs(
        kind=letter.writer.kind,
        sender=letter.address or letter.mail.sender,
        sender_name=letter.mail.sender_name,
        subject=letter.mail.subject,
        words=letter.own,
        quoted=letter.folded,
        checks=letter.checks,
        found_by=letter.decision.found_by,
    )


def _do(letter: Letter, *, is_last: bool, now: datetime) -> str:
    decision = letter.decision
    if decision.step is Step.ASIDE:
        return decision.why
    if decision.step is Step.BOUNCE:
        _came_back(letter, now=now)
        return ""
    if decision.step is Step.IGNORE:
        actions_mail.ignored(letter.pk, why=decision.why, reference=decision.about, now=now)
        return ""
    return _take(letter, is_last=is_last, now=now)


def _came_back(letter: Letter, *, now: datetime) -> None:
    """A report of a mail server: what became of which message of ours, if it proves which."""
    report, about = letter.mail.report, letter.decision.about
    why = letter.decision.why
    if report is not None:
        mail = letter.mail
        ids = threads.ours_in(report.returned) or threads.ours_in(f"{mail.to} {mail.answers}")
        said = notifications.mail_back.reported(
            ids=ids, action=report.action, status=report.status, words=report.words,
            recipient=report.recipient, now=now,
        )  # fmt: skip
        about, why = said or about, f"A mail server reports: {report.action} {report.status}"
    actions_mail.ignored(letter.pk, why=why, reference=about, now=now)


def _take(letter: Letter, *, is_last: bool, now: datetime) -> str:
    """Makes it part of a case, or a new one, with its files."""
    before = intake.known(Channel.EMAIL, letter.key)
    if before is None and (trouble := _no_enquiry(letter, now=now)):
        return trouble
    with translation.override(_language(letter.mail)):
        is_new = letter.decision.step is Step.NEW
        left_out = filing.too_large(letter.kept.is_cut)
        if is_new and before is None:
            left_out += filing.with_form(letter.key, letter.mail.files, is_last=is_last, now=now)
            failpoints.reach("mail.files_kept")
        received = before or intake.receive(_inbound(letter), now=now)
        failpoints.reach("mail.received")
        reference = received.enquiries[0].reference
        if letter.writer.may_answer:
            notifications.mail_back.hear(about=reference, message_id=letter.mail.message_id)
        if not is_new:
            files = letter.mail.files
            left_out += filing.with_case(reference, files, is_last=is_last, now=now)
        elif before is not None:
            # Who was killed in between has kept all that can be kept, and forgot what could not.
            left_out += filing.not_taken(letter.mail.files)
    with transaction.atomic():
        # To its sender nothing of theirs is missing: who reads it at the desk looks further.
        unread = [NO_WORDS] if letter.is_mute else []
        not_kept = [*left_out, *unread]
        actions_mail.taken(letter.pk, reference=reference, left_out=not_kept, now=now)
        _tell(letter, reference, left_out, now=now)
    return ""


def _no_enquiry(letter: Letter, *, now: datetime) -> str:
    """Why no enquiry can be made of a mail by itself; "" where one can."""
    if letter.mail.is_sealed and not letter.own:
        return "It is encrypted, and we have no key to read it with"
    if letter.is_mute and not letter.mail.files:
        return NO_WORDS
    if not (letter.own or letter.subject or letter.mail.files):
        return "There are no words in it, and no files"
    who = address_hash("email", letter.address) if letter.address else ""
    if who and queries_mail.sent_lately(who, since=now - AN_HOUR) > MOST_AN_HOUR:
        return f"More than {MOST_AN_HOUR} emails came from this address within an hour"
    return ""


def _tell(letter: Letter, reference: str, left_out: list[str], *, now: datetime) -> None:
    """Never to a machine, nor to somebody whose name may have been borrowed."""
    if not letter.writer.may_answer or _suspicion(letter):
        return
    if letter.decision.step is Step.ITEM and letter.decision.kind is not ItemKind.THANKS:
        telling_mail.added(reference, now=now)
    if left_out:
        telling_mail.files_left_out(reference, left_out, key=letter.key, now=now)


def _language(mail: Mail) -> str:
    known = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    return known.get(mail.language.partition("-")[0], LANGUAGE)


def _suspicion(letter: Letter) -> tuple[str, ...]:
    """Why a person should look at a new enquiry first."""
    called_spam = letter.mail.headers.get("x-spam-flag", "").strip().lower() == "yes"
    found = (trust.is_disowned(letter.checks), called_spam and letter.decision.step is Step.NEW)
    return tuple(name for name, holds in zip(SUSPICIONS, found, strict=True) if holds)


def _inbound(letter: Letter) -> InboundContact:
    decision = letter.decision
    is_new = decision.step is Step.NEW
    suspicion = _suspicion(letter)
    # Whose name was borrowed has written nothing, and wants no confirmation of it.
    quiet = not letter.writer.may_answer or bool(suspicion)
    quiet = quiet or (is_new and not limits.confirms(letter.address))
    first = queries_mail.first_of(decision.about) if decision.found_by else ""
    need = Need(
        description=_description(letter),
        place=_place(letter) if is_new else None,
        kind=decision.kind.value,
        about=decision.about or None,
        evidence=decision.evidence,
    )
    return InboundContact(
        channel=Channel.EMAIL,
        external_id=letter.key,
        received_at=letter.kept.received_at,
        needs=(need,),
        sender=_sender(letter),
        thread=first or letter.kept.digest,
        tell_by="email" if letter.address else "",
        language=_language(letter.mail),
        signals=(SUBMITTED, UNCONFIRMED) if quiet else (),
        files_of=letter.key if is_new else "",
        suspicion=suspicion if is_new else (),
    )


def _sender(letter: Letter) -> Sender:
    """Whoever alone has the address, whatever name their program writes; else by both."""
    if not letter.address:
        return Sender(name=letter.mail.sender_name)
    holders = customers.queries.with_email(letter.address)
    name = "" if len(holders) == 1 else letter.mail.sender_name
    return Sender(name=name if "@" not in name else "", email=letter.address)


def _description(letter: Letter) -> str:
    """What they wrote, with the subject where it opens something; the whole stays in the mail.

    Whoever reads the words reads with them that nobody knows whose they are.
    """
    is_new = letter.decision.step is Step.NEW
    words = letter.own or letter.subject or _("An email with files and no words")
    if is_new and letter.subject and not words.startswith(letter.subject):
        words = f"{letter.subject}\n\n{words}"
    if letter.decision.found_by == deciding.ALONE:
        strange = _("This came from an email address that we do not know on this enquiry.")
        words = f"{strange}\n\n{words}"
    if len(words) <= intake.MAX_WORDS:
        return words
    rest = _("The email is longer. All of it is kept with the enquiry.")
    return f"{words[:_ROOM]}…\n\n{rest}"


def _place(letter: Letter) -> Place | None:
    """The postcode that they wrote, where it is one that we know."""
    found = areas.find_in(f"{letter.subject}\n{letter.own}"[:8_000])
    if found is None:
        return None
    try:
        return Place(postcode=areas.lookup(found).postcode)
    except DomainError:
        return None
