"""Twilio's Messages resource over HTTP, as far as we use it, with the bad days it has."""
# ruff: noqa: N802  the names of these methods are the protocol's own

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.stand_ins.listening import Listening, Talking

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-for-the-stand-in"
SERVICE = "MG" + "1" * 32


@dataclass
class Step:
    """What happens to the next create: a status with a code, or an answer that gets lost."""

    status: int = 201
    code: int = 0
    message: str = ""
    retry_after: str = ""
    lose_answer: bool = False
    keep: bool = True
    # Of what is read: answered so late, or with half of its JSON.
    slow_seconds: float = 0
    broken: bool = False
    # What is reported of a message that is kept, before our own answer and after it.
    told_before: tuple[str, ...] = ()
    told_after: tuple[str, ...] = ()


@dataclass
class File:
    """What came with a text. `moved_to` is where the API sends on; "": it answers itself."""

    content: bytes
    content_type: str = "image/jpeg"
    moved_to: str = ""
    plan: list[Step] = field(default_factory=list)
    deleted: bool = False


class _Talking(Talking):
    server_of: ClassVar[TwilioServer]

    def do_POST(self) -> None:
        body = self.heard().decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        if not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
            return
        step = self.server_of.plan.pop(0) if self.server_of.plan else self.server_of.mood()
        time.sleep(step.slow_seconds)
        if step.status == 201 and not (fields.get("From") or fields.get("MessagingServiceSid")):
            step = Step(400, 21603, "A 'From' phone number is required")
        if step.status == 201 and step.keep:
            kept = self._keep(fields)
            for status in step.told_before:
                self.server_of.report(kept, status)
            if not step.lose_answer:
                with suppress(OSError):  # whoever asked may have gone
                    self.say_json(201, kept)
            for status in step.told_after:
                self.server_of.report(kept, status)
            if not step.lose_answer:
                return
        if step.lose_answer:
            self.hang_up()
            return
        self._error(step)

    def do_GET(self) -> None:
        if "/Media/" in self.path:
            self._give_file(urlsplit(self.path).path)
            return
        self.server_of.look_ups += 1
        if not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
            return
        if self.server_of.look_up_fails or self.server_of.away:
            self.server_of.look_up_fails = max(0, self.server_of.look_up_fails - 1)
            self._error(Step(503, 20503, "Service unavailable"))
            return
        step = self.server_of.list_plan.pop(0) if self.server_of.list_plan else Step(200)
        if self._is_bad(step):
            return
        parts = urlsplit(self.path)
        if parts.path.endswith("/Media.json"):
            self._list_files(parts.path)
            return
        if kept := next((one for one in self.server_of.messages if one["uri"] == parts.path), None):
            self.say_json(200, kept)
            return
        if not parts.path.endswith("/Messages.json"):
            self._error(Step(404, 20404, "Not found"))
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = [one for one in self.server_of.messages if one["to"] == query.get("To", "")]
        if since := query.get("DateSent>"):
            moment = datetime.fromisoformat(since.replace("Z", "+00:00"))
            found = [one for one in found if _sent_at(one) >= moment]
        found.sort(key=_sent_at)
        size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        shown = found[::-1][page * size : (page + 1) * size]
        more = urlencode({**query, "Page": page + 1})
        self.say_json(
            200,
            {
                "messages": shown, "page": page, "page_size": size, "start": page * size,
                "uri": self.path, "first_page_uri": self.path, "previous_page_uri": None,
                "next_page_uri": f"{parts.path}?{more}" if len(found) > (page + 1) * size else None,
                "end": max(0, page * size + len(shown) - 1),
            },
        )  # fmt: skip

    def do_DELETE(self) -> None:
        file = self.server_of.files.get(self.path.removesuffix(".json"))
        if not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
        elif file is None or file.deleted:
            self._error(Step(404, 20404, "Not found"))
        else:
            file.deleted = True
            self.say(204, b"", "application/json")

    def _list_files(self, path: str) -> None:
        folder = path.removesuffix(".json")
        rows = [
            {
                "sid": at.rpartition("/")[2], "account_sid": ACCOUNT, "uri": f"{at}.json",
                "parent_sid": folder.split("/")[-2], "content_type": file.content_type,
                "date_created": format_datetime(datetime.now(UTC)),
                "date_updated": format_datetime(datetime.now(UTC)),
            }
            for at, file in self.server_of.files.items() if at.startswith(f"{folder}/")
        ]  # fmt: skip
        self.say_json(200, {
            "media_list": rows, "page": 0, "page_size": 50, "start": 0, "uri": path,
            "first_page_uri": path, "next_page_uri": None, "previous_page_uri": None,
            "end": max(0, len(rows) - 1),
        })  # fmt: skip

    def _give_file(self, path: str) -> None:
        """A file: from the API with our keys, or from where it sent on, without."""
        self.server_of.fetched.append((path, "Authorization" in self.headers))
        is_api = not path.startswith("/cdn")
        file = self.server_of.files.get(path.removeprefix("/cdn"))
        if is_api and not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
            return
        if file is None or file.deleted:
            self._error(Step(404, 20404, "Not found"))
            return
        step = file.plan.pop(0) if file.plan else Step(200)
        if self._is_bad(step):
            return
        if is_api and file.moved_to:
            self.send_response(307)
            self.send_header("Location", file.moved_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.say(200, file.content, file.content_type)

    def _is_bad(self, step: Step) -> bool:
        """Whether what is read is answered by its trouble instead."""
        if step.slow_seconds:
            time.sleep(step.slow_seconds)
        if step.lose_answer:
            self.hang_up()
            return True
        if step.broken:
            self.say(200, b'{"messages": [{"sid": "SM', "application/json")
            return True
        if step.status >= 400:
            self._error(step)
            return True
        return False

    def _keep(self, fields: dict[str, str]) -> dict[str, Any]:
        now = format_datetime(datetime.now(UTC))
        sid = "SM" + uuid.uuid4().hex
        kept: dict[str, Any] = {
            "sid": sid, "account_sid": ACCOUNT, "to": fields["To"], "from": fields.get("From"),
            "messaging_service_sid": fields.get("MessagingServiceSid"), "body": fields["Body"],
            "status": "queued", "date_created": now, "date_updated": now, "date_sent": None,
            "num_segments": "1", "num_media": "0", "direction": "outbound-api", "price": None,
            "price_unit": "USD", "error_code": None, "error_message": None,
            "api_version": "2010-04-01", "uri": f"{self.path[:-5]}/{sid}.json",
            "subresource_uris": {}, "status_callback": fields.get("StatusCallback", ""),
        }  # fmt: skip
        self.server_of.messages.append(kept)
        return kept

    def _is_signed_in(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _error(self, step: Step) -> None:
        self.say_json(
            step.status,
            {
                "code": step.code, "message": step.message or "An error", "status": step.status,
                "more_info": f"https://www.twilio.com/docs/errors/{step.code}",
            },
            {"Retry-After": step.retry_after},
        )  # fmt: skip


@dataclass
class TwilioServer(Listening):
    """Runs on a free port of loopback; `messages` is what it took."""

    talking = _Talking
    messages: list[dict[str, Any]] = field(default_factory=list)
    plan: list[Step] = field(default_factory=list)
    look_ups: int = 0
    look_up_fails: int = 0
    # What happens to messages that the plan says nothing of, and how a message is reported on.
    mood: Callable[[], Step] = Step
    report: Callable[[dict[str, Any], str], None] = lambda message, status: None
    # While it is away, looking up fails too.
    away: bool = False
    # What happens to the next pages of a list that are asked for.
    list_plan: list[Step] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    # The path of each file that was asked for, and whether our keys came with it.
    fetched: list[tuple[str, bool]] = field(default_factory=list)

    def came_in(
        self,
        body: str,
        *,
        sid: str = "",
        at: datetime | None = None,
        sender: str = "+447700900123",
        to: str = "+447700900000",
        files: Sequence[File] = (),
        direction: str = "inbound",
    ) -> str:
        """A text that somebody sent to our number; its id."""
        sid = sid or ("MM" if files else "SM") + uuid.uuid4().hex
        when = format_datetime((at or datetime.now(UTC)).astimezone(UTC))
        self.messages.append(
            {
                "sid": sid, "account_sid": ACCOUNT, "to": to, "from": sender, "body": body,
                "messaging_service_sid": None, "status": "received", "date_created": when,
                "date_updated": when, "date_sent": when, "num_segments": "1",
                "num_media": str(len(files)), "direction": direction, "price": None,
                "price_unit": "USD", "error_code": None, "error_message": None,
                "api_version": "2010-04-01", "subresource_uris": {},
                "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
            }
        )  # fmt: skip
        for file in files:
            self.keep_file(sid, file)
        return sid

    def keep_file(self, message: str, file: File) -> str:
        """A file of a text; the address that Twilio posts for it."""
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message}/Media/ME{uuid.uuid4().hex}"
        self.files[path] = file
        return f"https://api.twilio.com{path}"


def _sent_at(message: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(message["date_sent"] or message["date_created"])
