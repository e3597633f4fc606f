"""What each event is called by who writes its words, and when it is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass

CITIZENS, ANSWERS, STAFF = "citizens", "answers", "staff"
GROUPS = {
    CITIZENS: "To citizens",
    ANSWERS: "Answers to texts",
    STAFF: "To organisations and their teams",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """One event for editors."""

    name: str
    when: str
    group: str = CITIZENS


SAYINGS: dict[str, Saying] = {
    "received": Saying("We have it", "An enquiry has come in and we know who deals with it"),
    "accepted": Saying("They are on it", "The body has accepted the enquiry"),
    "asked": Saying("A question", "Staff need to know something more"),
    "replied": Saying("A reply", "Staff write to the citizen; nothing ends with it"),
    "late": Saying("It is late", "The promised day has passed"),
    "new_date": Saying("A new date", "Staff say when it is expected now"),
    "reassured": Saying("How it stands", "Before people begin to ask; nothing has gone wrong"),
    "resolved": Saying("It is done", "The enquiry has ended, or the citizen cancelled it"),
    "merged": Saying("We have it already", "Two reports of one person became one"),
    "linked": Saying("Somebody told us already", "Others reported the same thing before"),
    "parted": Saying("It goes on by itself", "It was joined to another one by mistake"),
    "followed": Saying("News of the same thing", "To all others who reported it, too"),
    "notice_moved": Saying("A notice has news", "The expected end of what they follow has moved"),
    "notice_over": Saying("A notice is over", "What they follow has ended"),
    "link": Saying("The link again", "They asked for the link to their enquiry"),
    "told_here": Saying("We write to you here", "To a new address for an enquiry"),
    "told_elsewhere": Saying("We write elsewhere", "To the address that it was before"),
    "keep_told": Saying("Shall we keep you told?", "To whom a citizen wants kept told"),
    "kept_told": Saying("News for who is kept told", "To who said yes to it"),
    "my_link": Saying("My enquiries", "They asked for the link to all of their enquiries"),
    "form_code": Saying("The code of a saved form", "They saved a form to go on later"),
    "texted_first": Saying(
        "A first text by staff", "Staff write to somebody who has no enquiry yet"
    ),
    "texted": Saying("A text by staff", "Staff write a text of their own, whole"),
    "added": Saying("Your email is with it", "An email was about an enquiry that they had"),
    "files_left_out": Saying("Files we could not keep", "Files came with an email, not all fit"),
    "several": Saying("Several at once", "More news than we send one by one"),
    "sms_received": Saying("We have it", "A text was taken for a new enquiry", ANSWERS),
    "sms_added": Saying("We added it", "A text was about an enquiry of theirs", ANSWERS),
    "sms_late": Saying("Your text came late", "A text reached us hours late", ANSWERS),
    "sms_late_danger": Saying(
        "Your text came late: danger", "A text that spoke of danger reached us late", ANSWERS
    ),
    "sms_no_photo": Saying("No photo by text", "A picture came that we could not keep", ANSWERS),
    "sms_turn": Saying("A question by text", "Within a conversation", ANSWERS),
    "sms_opened": Saying("We sent what you told us", "A conversation was not ended", ANSWERS),
    "sms_thanks": Saying("Thank you", "A text only said thanks", ANSWERS),
    "sms_status": Saying("How it stands", "They texted STATUS", ANSWERS),
    "sms_unknown": Saying("We know no such enquiry", "STATUS with a wrong reference", ANSWERS),
    "sms_kiosk": Saying("Not here yet", "STATUS with a number that a kiosk keeps", ANSWERS),
    "sms_silence": Saying("Nothing", "They texted STOP: the provider answers", ANSWERS),
    "sms_help": Saying("Help", "They texted HELP", ANSWERS),
    "sms_empty": Saying("Nothing to read", "A text without words", ANSWERS),
    "offered": Saying("Work for you", "An enquiry was sent to a body", STAFF),
    "moved": Saying("Passed to your team", "Colleagues passed an enquiry on", STAFF),
    "due_soon": Saying("Due soon", "A time will soon have run out", STAFF),
    "overdue": Saying("Overdue", "A time has run out", STAFF),
    "lapsed": Saying("Not answered in time", "Nobody accepted it or sent it back", STAFF),
    "taken_back": Saying("Taken back", "The hub took an enquiry back", STAFF),
    "moved_home": Saying("A new address", "Somebody lives elsewhere now", STAFF),
    "part_left": Saying("A body is out", "One of several does not do its part", STAFF),
    "disputed": Saying("Nobody says it is theirs", "It was sent back again", STAFF),
    "team_told": Saying("About a case", "A rule or a macro tells a team", STAFF),
    "figure_left": Saying("A figure has left its band", "Once, to who set the band", STAFF),
    "figure_back": Saying("A figure is back in its band", "It was told of as outside", STAFF),
    "links_low": Saying("Links are often wrong", "A sample of links is checked", STAFF),
    "pack": Saying("A pack of figures", "The figures of a week or a month are made", STAFF),
    "rule_paused": Saying("A rule is paused", "It failed ten times in a row", STAFF),
    "kiosks_silent": Saying("Kiosks are offline", "Three heartbeats were missed", STAFF),
    "kiosks_back": Saying("Kiosks are back", "They were told of as offline", STAFF),
    "kiosks_need": Saying(
        "Kiosks need somebody", "Enquiries do not come in, or paper is nearly out", STAFF
    ),
    "test": Saying("A test message", "Staff see whether messages arrive", STAFF),
    "digest": Saying("The morning’s work", "Each working morning, to each team", STAFF),
}
# What nobody writes: the provider's own answer stands for it, or the questions of a form do.
WITHOUT_WORDS = frozenset({"sms_silence", "sms_turn"})
# What a body may say in its own way: what is said in its name.
OF_A_BODY = frozenset(
    {
        "received", "accepted", "asked", "replied", "late", "new_date", "reassured", "resolved",
        "merged", "linked", "parted", "followed", "link", "told_here", "told_elsewhere",
    }
)  # fmt: skip


def of(event: str) -> Saying:
    """What an event is called; one that nobody has named yet by its own name."""
    return SAYINGS.get(event) or Saying(event.replace("_", " ").capitalize(), "")
