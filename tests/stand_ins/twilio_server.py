"""Twilio's Messages resource over HTTP, as far as we use it, with the bad days it has."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

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


@dataclass
class TwilioServer:
    """Runs on a free port of loopback; `messages` is what it took."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    plan: list[Step] = field(default_factory=list)
    look_ups: int = 0
    look_up_fails: int = 0

    def __enter__(self) -> TwilioServer:
        owner = self

        class Handler(_Handler):
            server_of = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # It looks every so many seconds whether it may stop; half a second was most of a test.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server_of: ClassVar[TwilioServer]
    protocol_version = "HTTP/1.1"
    # Head and body leave in two writes: without this the second waits 40 ms for an answer.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        return

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        if not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
            return
        step = self.server_of.plan.pop(0) if self.server_of.plan else Step()
        if step.status == 201 and not (fields.get("From") or fields.get("MessagingServiceSid")):
            step = Step(400, 21603, "A 'From' phone number is required")
        if step.status == 201 and step.keep:
            kept = self._keep(fields)
            if not step.lose_answer:
                self._answer(201, kept)
                return
        if step.lose_answer:
            self.close_connection = True
            self.connection.close()
            return
        self._error(step)

    def do_GET(self) -> None:
        self.server_of.look_ups += 1
        if not self._is_signed_in():
            self._error(Step(401, 20003, "Authenticate"))
            return
        if self.server_of.look_up_fails:
            self.server_of.look_up_fails -= 1
            self._error(Step(503, 20503, "Service unavailable"))
            return
        to = parse_qs(urlsplit(self.path).query).get("To", [""])[0]
        found = [message for message in self.server_of.messages if message["to"] == to]
        self._answer(
            200,
            {
                "messages": found[::-1], "page": 0, "page_size": 50, "start": 0,
                "uri": self.path, "first_page_uri": self.path, "next_page_uri": None,
                "previous_page_uri": None, "end": max(0, len(found) - 1),
            },
        )  # fmt: skip

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
        self._answer(
            step.status,
            {
                "code": step.code, "message": step.message or "An error", "status": step.status,
                "more_info": f"https://www.twilio.com/docs/errors/{step.code}",
            },
            retry_after=step.retry_after,
        )  # fmt: skip

    def _answer(self, status: int, body: dict[str, Any], *, retry_after: str = "") -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(payload)
