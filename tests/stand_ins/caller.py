"""A telephone that rings the hub: what Twilio posts of its call, signed, and what it hears."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from tests.stand_ins.phone import post

INCOMING = "/channels/voice/incoming"
DIALLED = "/channels/voice/dialled"
STATUS = "/channels/voice/status"
_numbers = itertools.count(1)


def sid() -> str:
    """An id that no call had before."""
    return f"CA{next(_numbers):032x}"


def heard(response: Any) -> list[str]:
    """What the TwiML says aloud."""
    assert response.status_code == 200, (response.status_code, response.content)
    return [one.text or "" for one in ET.fromstring(response.content).iter("Say")]


def verbs(response: Any) -> list[str]:
    """What the TwiML does, in order."""
    assert response.status_code == 200, (response.status_code, response.content)
    return [one.tag for one in ET.fromstring(response.content)]


@dataclass
class Call:
    """One call of a number. `at` is the time that Twilio names; none unless a test gives it."""

    number: str = "+447700900123"
    sid: str = field(default_factory=sid)

    def fields(self, **changed: str) -> dict[str, str]:
        return {
            "AccountSid": "AC" + "0" * 32, "ApiVersion": "2010-04-01", "CallSid": self.sid,
            "CallStatus": "ringing", "Direction": "inbound", "From": self.number,
            "Caller": self.number, "To": "+441632960001", "Called": "+441632960001",
            "CallerCountry": "GB", **changed,
        }  # fmt: skip

    def rings(self, **changed: str) -> Any:
        """It comes in; what the hub answers."""
        return post(INCOMING, self.fields(**changed))

    def says(self, status: str, at: datetime | None = None, **changed: str) -> Any:
        """Twilio tells of the call itself."""
        return post(STATUS, self.fields(CallStatus=status, **_named(at), **changed))

    def leg(self, status: str, at: datetime | None = None, **changed: str) -> Any:
        """Twilio tells of a telephone that rings for it."""
        child = self.fields(
            **{
                "CallSid": f"CA{'f' * 16}{self.sid[-16:]}", "ParentCallSid": self.sid,
                "CallStatus": status, "Direction": "outbound-dial", "To": "+441632960002",
                **_named(at), **changed,
            }
        )  # fmt: skip
        return post(STATUS, child)

    def dialled(self, how: str, **changed: str) -> Any:
        """The ringing, or the talk, is over."""
        return post(
            DIALLED, self.fields(**{"CallStatus": "in-progress", "DialCallStatus": how, **changed})
        )

    def left_queue(self, how: str, **changed: str) -> Any:
        """The waiting in a queue is over."""
        return post(
            DIALLED, self.fields(**{"CallStatus": "in-progress", "QueueResult": how, **changed})
        )


def _named(at: datetime | None) -> dict[str, str]:
    return {"Timestamp": format_datetime(at)} if at is not None else {}
