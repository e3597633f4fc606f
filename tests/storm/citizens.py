"""Citizens in a process of their own: they write in, and repeat the same key until they are told.

Every acknowledgement goes to a file, flushed to the disk, before the next enquiry begins.
"""

import json
import os
import random
import re
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

from tests.stand_ins.twilio_server import TOKEN

REFERENCE = re.compile(r"WH[2-9A-Z]-[2-9A-Z]{4}-[2-9A-Z]{2}")
_HIDDEN = r'name="{}" value="([^"]*)"'
FORM = "application/x-www-form-urlencoded"
GIVE_UP_SECONDS = 120
PATIENCE = 8.0
PAUSE = 0.25
MOST_TURNS = 12


def lines(path: Path) -> list[dict[str, Any]]:
    """The facts of a file; a last line that a crash cut short would be an error here."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class RefusedError(Exception):
    """An answer that no citizen should get for these words."""


@dataclass
class Sheet:
    """What is written down, by all threads."""

    path: Path

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._file = self.path.open("a", encoding="utf-8")

    def note(self, **fact: Any) -> None:
        """One line that survives whatever comes."""
        with self._lock:
            self._file.write(json.dumps({**fact, "at": time.time()}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


@dataclass
class Citizen:
    """One thread: one kind of door."""

    base: str
    token: str
    sheet: Sheet
    luck: random.Random

    def ask(self, method: str, url: str, **options: Any) -> tuple[requests.Response, float]:
        """Repeat one request until it gets an answer that is not "not now"."""
        session = options.pop("session", None) or requests
        begin = time.monotonic()
        while True:
            try:
                answer = session.request(
                    method, url, timeout=PATIENCE, allow_redirects=False, **options
                )
                if answer.status_code < 500:
                    if answer.status_code >= 400:
                        raise RefusedError(
                            f"{method} {url}: {answer.status_code} {answer.text[:300]}"
                        )
                    return answer, time.monotonic() - begin
            except requests.RequestException:
                pass
            if time.monotonic() - begin > GIVE_UP_SECONDS:
                raise RefusedError(f"{method} {url}: no answer in {GIVE_UP_SECONDS} s")
            time.sleep(PAUSE)

    def phone(self) -> str:
        """A number that is nobody's: Ofcom's for drama."""
        return f"+447700900{self.luck.randrange(1, 1000):03d}"

    def web(self) -> None:
        """The form, from the first question to the confirmation."""
        marker, phone = uuid.uuid4().hex, self.phone()
        session = requests.Session()
        # Each from a connection of their own, as the proxy in front of us says.
        session.headers["X-Forwarded-For"] = f"2001:db8:{marker[:4]}:{marker[4:8]}::1"
        page = self._page(session, f"{self.base}/ask/?service=missed-bin")
        answers: dict[str, dict[str, str]] = {
            "about": {"service": "missed-bin"},
            "place": {"postcode": "WR11 4AA", "address": "12 High Street"},
            "description": {"description": f"Not emptied. storm {marker}"},
            "you": {"tell_by": "sms", "phone": phone, "name": "Storm Tester"},
            "nearby": {"go_on": "1"},
        }
        url, step = f"{self.base}/ask/?service=missed-bin", "about"
        for _ in range(8):
            if step == "check":
                break
            answer, _ = self._post(session, url, page, answers[step])
            if answer.status_code != 302:
                raise RefusedError(f"{step}: {answer.status_code} {_errors(answer.text)}")
            url = self.base + answer.headers["Location"]
            step = url.rstrip("/").rpartition("/")[2]
            page = self._page(session, url)
        journey = url.split("/ask/")[1].split("/")[0]
        begin = time.monotonic()
        answer, seconds = self._post(session, url, page, {})
        if answer.status_code != 302 or "/sent/" not in answer.headers["Location"]:
            raise RefusedError(f"check: {answer.status_code} {_errors(answer.text)}")
        sent = self._page(session, self.base + answer.headers["Location"])
        found = REFERENCE.search(sent)
        if found is None:
            raise RefusedError("the confirmation shows no reference")
        self.sheet.note(
            channel="web", key=journey, marker=marker, reference=found.group(), phone=phone,
            seconds=seconds, confirmed=time.monotonic() - begin,
        )  # fmt: skip

    def sms(self) -> None:
        """A conversation by Twilio's webhook, to its reference, from a number of its own."""
        marker = uuid.uuid4().hex
        phone = f"+4477009{10_000 + int(marker[:8], 16) % 90_000}"
        sid, said = "", f"Missed bin at 12 High Street WR11 4AA storm {marker}"
        taken = 0.0
        for turn in range(MOST_TURNS):
            new, answer, seconds = self._text(phone, said)
            sid, taken = sid or new, taken or seconds
            found = REFERENCE.search(answer)
            if found is not None:
                self.sheet.note(
                    channel="sms", key=sid, marker=marker, reference=found.group(), phone=phone,
                    seconds=taken,
                )  # fmt: skip
                return
            # The first of whatever is offered; who gets nowhere by that asks for a person.
            said = "1" if turn < MOST_TURNS - 2 else "AGENT"
        raise RefusedError(f"a conversation by text comes to no reference: {answer[:300]}")

    def _text(self, phone: str, body: str) -> tuple[str, str, float]:
        """One text, its id and its answer; three in ten come a second time on purpose."""
        sid = "SM" + uuid.uuid4().hex
        fields = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": "AC" + "0" * 32, "From": phone,
            "To": "+447700900000", "NumMedia": "0", "NumSegments": "1", "Body": body,
        }  # fmt: skip
        url = f"{self.base}/channels/sms/inbound"
        headers = {
            "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, fields),
            "Content-Type": FORM,
        }
        answer, seconds = self.ask("POST", url, data=urlencode(fields), headers=headers)
        if self.luck.random() < 0.3:
            again, _ = self.ask("POST", url, data=urlencode(fields), headers=headers)
            if again.text != answer.text:
                raise RefusedError(f"a repeated text got another answer: {again.text[:300]}")
        return sid, answer.text, seconds

    def api(self) -> None:
        """Another system, with an Idempotency-Key."""
        marker, phone, key = uuid.uuid4().hex, self.phone(), uuid.uuid4().hex
        answer, seconds = self.ask(
            "POST",
            f"{self.base}/api/v1/enquiries/",
            json={
                "service": "missed-bin", "description": f"From a system. storm {marker}",
                "place": {"postcode": "WR11 4AA", "address": "12 High Street"},
                "person": {"name": "Storm Tester", "phone": phone}, "tell_by": "sms",
            },
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key},
        )  # fmt: skip
        self.sheet.note(
            channel="api", key=key, marker=marker, reference=answer.json()["reference"],
            phone=phone, seconds=seconds,
        )  # fmt: skip

    def _page(self, session: requests.Session, url: str) -> str:
        answer, _ = self.ask("GET", url, session=session)
        if answer.status_code == 302:
            return self._page(session, self.base + answer.headers["Location"])
        return answer.text

    def _post(
        self, session: requests.Session, url: str, page: str, fields: dict[str, str]
    ) -> tuple[requests.Response, float]:
        hidden = {
            name: found.group(1)
            for name in ("csrfmiddlewaretoken", "carry")
            if (found := re.search(_HIDDEN.format(name), page))
        }
        return self.ask(
            "POST", url, session=session, data={**hidden, **fields}, headers={"Referer": url}
        )


def _errors(page: str) -> str:
    """The error summary of a page, for the report."""
    found = re.search(r"error-summary.*?</div>", page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found.group())[:300] if found else page[:200]


def live(citizen: Citizen, kind: str, stop: Path) -> None:
    """Write in again and again until the storm is over."""
    while not stop.exists():
        try:
            getattr(citizen, kind)()
        except Exception as trouble:
            citizen.sheet.note(refused=f"{kind}: {type(trouble).__name__}: {trouble}")
            time.sleep(1)
        time.sleep(citizen.luck.uniform(0, 0.2))


def main(folder: Path, base: str, token: str, seed: int) -> None:
    """Three in four by form or system, one in four by text."""
    sheet, stop = Sheet(folder / "acks.jsonl"), folder / "stop"
    kinds = ["web", "web", "web", "web", "sms", "sms", "api", "api"]
    threads = [
        threading.Thread(
            target=live,
            args=[Citizen(base, token, sheet, random.Random(seed + number)), kind, stop],
        )
        for number, kind in enumerate(kinds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
