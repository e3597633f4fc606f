"""How people reach us, and what a contact was about. Pure words, shared by all rooms above."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    KIOSK = "kiosk"
    SMS = "sms"
    EMAIL = "email"
    API = "api"


class ItemKind(StrEnum):
    NEW = "new"
    CHASE = "chase"
    NEW_INFORMATION = "new_information"
    REPLY_TO_US = "reply_to_us"
    REPEAT = "repeat"
    THANKS = "thanks"


class ContactOutcome(StrEnum):
    """How a sitting at the desk ended, as its agent says when they wrap it up."""

    ANSWERED = "answered"
    ON_ITS_WAY = "on_its_way"
    TOLD = "told"
    CALLBACK = "callback"
    CUT_OFF = "cut_off"
    NOTHING = "nothing"
    SENT_AWAY = "sent_away"


CONTACT_OUTCOME_WORDS: dict[ContactOutcome, str] = {
    ContactOutcome.ANSWERED: "Answered now",
    ContactOutcome.ON_ITS_WAY: "On its way",
    ContactOutcome.TOLD: "Told how it stands",
    ContactOutcome.CALLBACK: "We ring them back",
    ContactOutcome.CUT_OFF: "Cut off before the end",
    ContactOutcome.NOTHING: "Silent, wrong number or nothing asked",
    ContactOutcome.SENT_AWAY: "Told to ring, visit or fill in something else",
}

CHANNEL_WORDS: dict[Channel, str] = {
    Channel.WEB: "Website",
    Channel.PHONE: "Phone",
    Channel.COUNTER: "Counter",
    Channel.KIOSK: "Kiosk",
    Channel.SMS: "Text message",
    Channel.EMAIL: "Email",
    Channel.API: "Partner system",
}

# The same in a sentence: where something was done.
DOOR_WORDS: dict[Channel, str] = {
    Channel.WEB: "on the website",
    Channel.PHONE: "by phone",
    Channel.COUNTER: "at a counter",
    Channel.KIOSK: "at a kiosk",
    Channel.SMS: "by text message",
    Channel.EMAIL: "by email",
    Channel.API: "through a partner’s system",
}

# The signal of a contact in which somebody began to answer a form.
ENTERED = "answer_entered"

KIND_WORDS: dict[ItemKind, str] = {
    ItemKind.NEW: "Something new",
    ItemKind.CHASE: "Asked how it is going",
    ItemKind.NEW_INFORMATION: "Told us more",
    ItemKind.REPLY_TO_US: "Answered our question",
    ItemKind.REPEAT: "Same problem again",
    ItemKind.THANKS: "Said thank you",
}

# Why a contact need not have been made (measures.md, the manager's weekly agenda).
AVOIDABLE_WORDS: dict[str, str] = {
    "clarification": "Our answer was not clear",
    "signposting_or_transfer": "Was sent to the wrong place",
    "repetition": "Had to tell us again",
    "progress_chasing": "Had heard nothing",
    "closed_too_early": "We closed it too early",
    "insufficient_capture": "We did not ask enough the first time",
}
