"""GOV.UK Notify's API over HTTP, as far as we use it, with its rules and the bad days it has."""
# ruff: noqa: N802  the names of these methods are the protocol's own

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import jwt

from tests.stand_ins.listening import Listening, Talking

SERVICE = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
KEY = f"test-{SERVICE}-{SECRET}"
TEMPLATES = {
    "sms": "aaaaaaaa-0000-4000-8000-000000000001",
    "email": "aaaaaaaa-0000-4000-8000-000000000002",
    "letter": "aaaaaaaa-0000-4000-8000-000000000003",
}
# What each of these templates wants to be told.
WANTS = {TEMPLATES["sms"]: {"body"}, TEMPLATES["email"]: {"subject", "body"},
         TEMPLATES["letter"]: {"subject", "body"}}  # fmt: skip
RECIPIENT = {"sms": "phone_number", "email": "email_address"}


@dataclass
class Step:
    """What happens to the next create: a status with an error, or an answer that gets lost."""

    status: int = 201
    error: str = ""
    message: str = ""
    retry_after: str = ""
    lose_answer: bool = False


class _Talking(Talking):
    server_of: ClassVar[NotifyServer]

    def do_POST(self) -> None:
        asked = json.loads(self.heard())
        if trouble := self._token_trouble():
            self._error(trouble)
            return
        medium = urlsplit(self.path).path.rpartition("/")[2]
        step = self.server_of.plan.pop(0) if self.server_of.plan else Step()
        if step.status == 201:
            step = self._check(medium, asked) or step
        if step.status != 201:
            self._error(step)
            return
        kept = self._keep(medium, asked)
        if step.lose_answer:
            self.hang_up()
            return
        self._answer(
            201, {**kept["answer"], "uri": f"{self.server_of.base}/v2/notifications/{kept['id']}"}
        )

    def do_GET(self) -> None:
        if trouble := self._token_trouble():
            self._error(trouble)
            return
        if self.server_of.look_up_fails:
            self.server_of.look_up_fails -= 1
            self._error(Step(500, "Exception", "Internal server error"))
            return
        named = urlsplit(self.path).path.removeprefix("/v2/notifications").strip("/")
        if named:
            known = {one["id"]: one.get("status", "sending") for one in self.server_of.messages}
            if named in known:
                self._answer(200, {"id": named, "status": known[named]})
            else:
                self._error(Step(404, "NoResultFound", "No result found"))
            return
        reference = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        found = [one for one in self.server_of.messages if one["reference"] == reference]
        rows = [{"id": one["id"], "reference": reference, "status": "sending"} for one in found]
        self._answer(200, {"notifications": rows[::-1], "links": {"current": self.path}})

    def _check(self, medium: str, asked: dict[str, Any]) -> Step | None:
        """What Notify's schemas and templates refuse."""

        def wrong(message: str, error: str = "ValidationError") -> Step:
            return Step(400, error, message)

        if medium == "letter" and "content" in asked:
            return None if asked.get("reference") else wrong("reference is a required property")
        template = asked.get("template_id", "")
        if template not in self.server_of.wants:
            return wrong("Template not found", "BadRequestError")
        told = asked.get("personalisation", {})
        if missing := sorted(self.server_of.wants[template] - told.keys()):
            return wrong(f"Missing personalisation: {', '.join(missing)}", "BadRequestError")
        if medium == "letter":
            if "address_line_1" not in told:
                return wrong("personalisation address_line_1 is a required property")
            return None
        name = RECIPIENT[medium]
        given = asked.get(name, "")
        if medium == "sms" and not given.lstrip("+").isdigit():
            return wrong(f"{name} Must not contain letters or symbols")
        if medium == "email" and "@" not in given:
            return wrong(f"{name} Not a valid email address")
        return None

    def _keep(self, medium: str, asked: dict[str, Any]) -> dict[str, Any]:
        number = str(uuid.uuid4())
        reference = asked.get("reference")
        answer = {"id": number, "reference": reference, "scheduled_for": None,
                  "template": {"id": asked.get("template_id"), "version": 1},
                  "content": asked.get("personalisation", {})}  # fmt: skip
        kept = {**asked, "id": number, "reference": reference, "medium": medium, "answer": answer,
                "at": datetime.now(UTC)}  # fmt: skip
        self.server_of.messages.append(kept)
        return kept

    def _token_trouble(self) -> Step | None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self.server_of.secret, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return Step(403, "AuthError", "Invalid token: API key not found")
        if claims.get("iss") != SERVICE:
            return Step(403, "AuthError", "Invalid token: service not found")
        return None

    def _error(self, step: Step) -> None:
        errors = [{"error": step.error, "message": step.message}]
        self._answer(
            step.status, {"status_code": step.status, "errors": errors},
            retry_after=step.retry_after,
        )  # fmt: skip

    def _answer(self, status: int, body: dict[str, Any], *, retry_after: str = "") -> None:
        elsewhere = f"{self.server_of.base}/elsewhere" if 300 <= status < 400 else ""
        self.say_json(status, body, {"Location": elsewhere, "Retry-After": retry_after})


@dataclass
class NotifyServer(Listening):
    """Runs on a free port of loopback; `messages` is what it took, newest last."""

    talking = _Talking
    messages: list[dict[str, Any]] = field(default_factory=list)
    plan: list[Step] = field(default_factory=list)
    # More templates, each with the facts that it wants.
    wants: dict[str, set[str]] = field(default_factory=lambda: dict(WANTS))
    look_up_fails: int = 0
    secret: str = SECRET
