from notifications.models.carriers import Attempt, Carrier, CarrierHealth, Route
from notifications.models.messages import (
    MEDIA,
    STATES,
    DeliveryReceipt,
    Notification,
    PostboxMessage,
)

__all__ = [
    "MEDIA",
    "STATES",
    "Attempt",
    "Carrier",
    "CarrierHealth",
    "DeliveryReceipt",
    "Notification",
    "PostboxMessage",
    "Route",
]
