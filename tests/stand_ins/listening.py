"""What stand-ins that speak HTTP share: a server on a free port of loopback, and its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self

JSON = "application/json"


class Talking(BaseHTTPRequestHandler):
    """One connection to a stand-in, which is `server_of`; what it says is not logged."""

    server_of: ClassVar[Any]
    protocol_version = "HTTP/1.1"
    # Head and body leave in two writes: without this the second waits 40 ms for an answer.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        return

    def heard(self) -> bytes:
        """The body of what was asked."""
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def say(
        self, status: int, payload: bytes, kind: str = JSON, more: Mapping[str, str] | None = None
    ) -> None:
        """Answers; headers of `more` that are empty are left out."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in (more or {}).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def say_json(self, status: int, body: Any, more: Mapping[str, str] | None = None) -> None:
        """The same with JSON."""
        self.say(status, json.dumps(body).encode(), more=more)

    def hang_up(self) -> None:
        """Whoever asked never learns what became of it."""
        self.close_connection = True
        self.connection.close()


class Listening:
    """A stand-in that runs on a free port while it is entered; each connection is a `talking`."""

    talking: ClassVar[type[Talking]]

    def __enter__(self) -> Self:
        handler = type("Handler", (self.talking,), {"server_of": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
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
