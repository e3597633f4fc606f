from notifications.models.carriers import Attempt, Carrier, CarrierHealth, Route
from notifications.models.handovers import HandoverDay
from notifications.models.messages import (
    MEDIA,
    STATES,
    DeliveryReceipt,
    Notification,
    PostboxMessage,
)
from notifications.models.threads import MailThread
from notifications.models.wordings import (
    LetterBatch,
    PrintedLetter,
    Wording,
    WordingState,
    WordingVersion,
)

__all__ = [
    "MEDIA",
    "STATES",
    "Attempt",
    "Carrier",
    "CarrierHealth",
    "DeliveryReceipt",
    "HandoverDay",
    "LetterBatch",
    "MailThread",
    "Notification",
    "PostboxMessage",
    "PrintedLetter",
    "Route",
    "Wording",
    "WordingState",
    "WordingVersion",
]
