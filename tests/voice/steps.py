"""What happens to calls in these tests, in words."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client

from inbox.models import Callback
from tests.stand_ins.caller import Call

PAGE = "/desk/callbacks/"


def missed(number: str = "+447700900123", *, status: str = "no-answer") -> Callback:
    call = Call(number=number)
    call.rings()
    call.says(status)
    return Callback.objects.get(calls__sid=call.sid)


def answered(number: str = "+447700900123") -> Call:
    call = Call(number=number)
    call.rings()
    call.leg("in-progress")
    return call


def keyed(**fields: str) -> dict[str, str]:
    return {"key": str(uuid4()), **fields}


def act(client: Client, line: Callback, what: str) -> str:
    answer = client.post(f"{PAGE}{line.public_id}/{what}/")
    assert answer.status_code == 303
    return str(client.get(PAGE).content.decode())
