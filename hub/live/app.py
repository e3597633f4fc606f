"""The streams of open pages: GET /live/ with a ticket is server-sent events, POST says "typing".

A plain ASGI application without Django's middleware: a ticket (core.live) is all that it asks, no
cookie is read, and nothing is kept. Started by `hub.parts.live`; one process, for what it knows
of who is where is in its memory.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from django.utils import timezone

from core import live
from hub.live.board import Board, Stream, event
from hub.live.reading import News, Reader

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

FLUSH = 0.5  # seconds for which what happens is gathered before pages are told
ALIVE = 20.0  # a line of nothing, so that proxies and pages know that the stream stands
# A stream ends after so long, and the page asks its session for another.
LONGEST = 15 * 60.0
PATH = "/live/"
_HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Live:
    """The application; `lifespan` starts and ends the reader."""

    def __init__(self) -> None:
        self.board = Board()
        self._wake: dict[int, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()

        def hand_over(news: News) -> None:
            loop.call_soon_threadsafe(self._heard, news)

        reader = Reader(hand_over, streams=lambda: len(self.board))
        reader.start()
        telling = asyncio.create_task(self._tell())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        telling.cancel()
        reader.end()
        await send({"type": "lifespan.shutdown.complete"})

    def _heard(self, news: News) -> None:
        if news.missed:
            self.board.tell_all("missed", {})
        self.board.tell_many(news.changes, topic="queue")
        for change in news.changes:
            self.board.tell_many([change], topic=f"case:{change['reference']}")
        for topic, data in news.said:
            self.board.tell(topic, "said", {"topic": topic, "data": data})

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(FLUSH)
            self.board.tell_presence(now=time.monotonic())
            for stream in self.board.listeners():
                if wake := self._wake.get(stream.number):
                    wake.set()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if path == "/healthz" and method in {"GET", "HEAD"}:
            await _say(send, 200, b"ok\n")
        elif path not in {PATH, f"{PATH}typing/"}:
            await _say(send, 404, b"There is nothing here.\n")
        else:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            try:
                ticket = live.opened(query.get("ticket", [""])[0], now=timezone.now())
            except live.BadTicket:
                await _say(send, 403, b"This page has been open for long: load it again.\n")
                return
            if path == PATH and method == "GET":
                await self._stream(ticket, receive, send)
            elif path != PATH and method == "POST":
                self._typing(ticket, query.get("topic", [""])[0])
                await _say(send, 204, b"")
            else:
                await _say(send, 405, b"Not in this way.\n")

    def _typing(self, ticket: live.Ticket, topic: str) -> None:
        if topic in ticket.topics:
            self.board.typing(ticket.staff, topic, now=time.monotonic())

    async def _stream(self, ticket: live.Ticket, receive: Receive, send: Send) -> None:
        stream = self.board.join(ticket.staff, ticket.name, ticket.topics)
        if stream is None:
            await _say(send, 503, b"Too many pages are open. This one looks again by itself.\n")
            return
        wake = self._wake[stream.number] = asyncio.Event()
        closed = asyncio.create_task(_closed(receive))
        try:
            headers = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
            await send(
                {"type": "http.response.start", "status": 200, "headers": headers + _HEADERS}
            )
            await send(_body(b"retry: 5000\n" + event("open", {"me": stream.staff})))
            await self._write(stream, wake, closed, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            closed.cancel()
            self._wake.pop(stream.number, None)
            self.board.leave(stream)

    async def _write(
        self, stream: Stream, wake: asyncio.Event, closed: asyncio.Task[None], send: Send
    ) -> None:
        ends = time.monotonic() + LONGEST
        while not closed.done() and not stream.ended and time.monotonic() < ends:
            waking = asyncio.ensure_future(wake.wait())
            await asyncio.wait({waking, closed}, timeout=ALIVE, return_when="FIRST_COMPLETED")
            waking.cancel()
            wake.clear()
            told = b"".join(stream.waiting)
            stream.waiting.clear()
            if not closed.done():
                await send(_body(told or b":\n\n"))


async def _closed(receive: Receive) -> None:
    """Ends when the page was closed."""
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def _body(packed: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": packed, "more_body": True}


async def _say(send: Send, status: int, words: bytes) -> None:
    headers = [*_HEADERS, (b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
