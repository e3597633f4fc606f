"""Work offered to an organisation, and what becomes of it: the door to the modules beside it."""

from __future__ import annotations

from enquiries.actions.assignments import AlreadyTaken, NotYours
from enquiries.actions.offers import NobodyToReferTo, keep, offer, refer, take_back
from enquiries.actions.referral_answers import (
    NobodySuggested,
    QuestionMissing,
    accept,
    ask,
    complete,
    give_back,
    reject,
)
from enquiries.actions.referral_ends import expire_due, withdraw
from enquiries.actions.referral_hands import (
    NoColleague,
    NoSuchTeam,
    hand_over,
    move_team,
    put_back,
    take,
)
from enquiries.actions.referral_states import AlreadyAnswered
from enquiries.actions.resolutions import NEXT_STEP

__all__ = [
    "NEXT_STEP",
    "AlreadyAnswered",
    "AlreadyTaken",
    "NoColleague",
    "NoSuchTeam",
    "NobodySuggested",
    "NobodyToReferTo",
    "NotYours",
    "QuestionMissing",
    "accept",
    "ask",
    "complete",
    "expire_due",
    "give_back",
    "hand_over",
    "keep",
    "move_team",
    "offer",
    "put_back",
    "refer",
    "reject",
    "take",
    "take_back",
    "withdraw",
]
