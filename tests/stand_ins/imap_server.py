"""A real IMAP server on loopback (pymap), and a line to it that can break off."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from imapclient import IMAPClient

USER, PASSWORD = "reply", "mail word"
INBOX, DONE = "INBOX", "Done"


class ImapServer:
    """`breaks_at` is a word of the client's: where it is said, the line goes dead, so often."""

    def __init__(self) -> None:
        self.breaks_at = b""
        self.breaks_left = 0

    def __enter__(self) -> Self:
        self._inner, self._port = _free_port(), 0
        program = str(Path(sys.executable).parent / "pymap")
        self._process = subprocess.Popen(
            [
                program, "--host", "127.0.0.1", "--port", str(self._inner), "--no-tls",
                "--no-service", "managesieve", "--no-service", "admin",
                "dict", "--demo-user", USER, "--demo-password", PASSWORD,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._process.terminate()
        self._process.wait(10)

    @property
    def url(self) -> str:
        """Its address as IMAP_URL, by way of the line that can break."""
        return f"imap://{USER}:mail%20word@127.0.0.1:{self._port}/{INBOX}"

    def client(self) -> IMAPClient:
        """Somebody else who looks into the mailbox, by another line."""
        client = IMAPClient("127.0.0.1", self._inner, ssl=False, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def clear(self) -> None:
        """The mailbox as at the beginning: empty, and alone."""
        self.breaks_at, self.breaks_left = b"", 0
        client = self.client()
        for _flags, _mark, name in client.list_folders():
            if name != INBOX:
                client.delete_folder(name)
        client.select_folder(INBOX)
        if every := client.search(["ALL"]):
            client.delete_messages(every)
            client.expunge()
        client.logout()

    def put(self, raw: bytes, *, seen: bool = False, at: datetime | None = None) -> None:
        """A mail arrives."""
        client = self.client()
        client.append(INBOX, raw, flags=[b"\\Seen"] if seen else [], msg_time=at)
        client.logout()

    def unseen(self, folder: str = INBOX) -> int:
        """How many mails nobody has read."""
        client = self.client()
        client.select_folder(folder, readonly=True)
        found = len(client.search(["UNSEEN"]))
        client.logout()
        return found

    def count(self, folder: str = INBOX) -> int:
        """How many mails there are."""
        client = self.client()
        client.select_folder(folder, readonly=True)
        found = len(client.search(["ALL"]))
        client.logout()
        return found

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._inner), 1):
                return
            time.sleep(0.05)
        raise TimeoutError("the IMAP server did not start")

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._inner))
                for one, other in ((near, far), (far, near)):
                    watched = one is near
                    threading.Thread(
                        target=self._pass_on, args=(one, other, watched), daemon=True
                    ).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, watched: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                if watched and self.breaks_left and self.breaks_at and self.breaks_at in data:
                    self.breaks_left -= 1
                    break
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
