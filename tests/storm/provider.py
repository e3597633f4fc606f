"""A text provider with bad days, in a process that the storm never touches.

Writes every message that it took to a file; loses two answers in a hundred, fails as often, and
asks some to wait. What became of a message it says in any order, and some of it twice.
"""

import json
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urldefrag, urlencode

import requests
from twilio.request_validator import RequestValidator

from tests.stand_ins.twilio_server import TOKEN, Step, TwilioServer


class BadDays(list[Step]):
    """A plan that never ends."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def __bool__(self) -> bool:
        return True

    def pop(self, *_: Any) -> Step:
        """What happens to the next message."""
        time.sleep(self._random.uniform(0, 0.03))
        luck = self._random.random()
        if luck < 0.02:
            return Step(500, 20500, "Internal server error")
        if luck > 0.98:
            return Step(429, 20429, "Too many requests", retry_after="1")
        return Step(lose_answer=luck < 0.04)


class Taken(list[dict[str, Any]]):
    """What was taken, also in a file, line by line; and the callbacks that it brings about."""

    def __init__(self, path: Path, callbacks: "Queue[dict[str, Any]]") -> None:
        super().__init__()
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._callbacks = callbacks

    def append(self, message: dict[str, Any]) -> None:
        """Take one."""
        super().append(message)
        self._file.write(json.dumps({**message, "at": time.time()}) + "\n")
        self._callbacks.put(message)


def call_back(callbacks: "Queue[dict[str, Any]]", luck: random.Random) -> None:
    """Say what became of each message, before or after its answer; nobody may rely on it."""
    while True:
        message = callbacks.get()
        url = urldefrag(message["status_callback"]).url
        if not url:
            continue
        words = [*luck.choices(["queued", "sent"], k=luck.randrange(3)), "delivered"]
        luck.shuffle(words)
        for word in words:
            fields = {"MessageSid": message["sid"], "MessageStatus": word}
            headers = {
                "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, fields),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            with suppress(requests.RequestException):
                requests.post(url, data=urlencode(fields), headers=headers, timeout=5)


def main(folder: Path, seed: int) -> None:
    """Answer until the storm is over; says where in a file. A seed below 0 is a good day."""
    callbacks: Queue[dict[str, Any]] = Queue()
    plan: list[Step] = BadDays(seed) if seed >= 0 else []
    server = TwilioServer(messages=Taken(folder / "taken.jsonl", callbacks), plan=plan)
    with server:
        Thread(target=call_back, args=[callbacks, random.Random(seed)], daemon=True).start()
        (folder / "provider.url").write_text(server.base, encoding="ascii")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
