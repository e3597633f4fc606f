"""The line between a kiosk and the hub, which a test can cut, still, or make deaf."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

THROUGH, CUT, STILL, DEAF = "through", "cut", "still", "deaf"


class Line:
    """Carries connections to a server. `mode`: what becomes of them.

    CUT: none comes up, those that are up end. STILL: nothing that is said arrives, nobody is told.
    DEAF: what is asked arrives, and is done; no answer comes back.
    """

    def __init__(self, url: str) -> None:
        there = urlsplit(url)
        self._server = (there.hostname or "localhost", there.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listener.getsockname()[1]}"
        self._mode = THROUGH
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def mode(self) -> str:
        """How it is now."""
        return self._mode

    def is_now(self, mode: str) -> None:
        """From now on."""
        self._mode = mode
        if mode in (CUT, THROUGH):
            for one in list(self._open):
                self._end(one)

    def close(self) -> None:
        """No more of it."""
        self.is_now(CUT)
        self._listener.close()

    def _take(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if self._mode == CUT:
                here.close()
                continue
            there = socket.create_connection(self._server)
            self._open |= {here, there}
            for one, other, is_answer in ((here, there, False), (there, here, True)):
                threading.Thread(
                    target=self._carry, args=(one, other, is_answer), daemon=True
                ).start()

    def _carry(self, one: socket.socket, other: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while said := one.recv(65536):
                if self._mode != STILL and not (self._mode == DEAF and is_answer):
                    other.sendall(said)
        if self._mode in (THROUGH, CUT):
            self._end(one)
            self._end(other)

    def _end(self, one: socket.socket) -> None:
        self._open.discard(one)
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
