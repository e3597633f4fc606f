"""The fallback door: T-S18 for its signature, and 200 only when the disk has the text."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from channels.sms import spool
from hub import fallback
from hub.fallback import Door
from tests.stand_ins.phone import FORM, payload, sid

ROOT = Path(__file__).resolve().parents[2]
URL = "https://hub.example/channels/sms/fallback"
NEW, OLD = "the-new-token", "the-old-token"
FIELDS = payload(
    "sms_inbound", ErrorCode="11200", ErrorUrl="https://hub.example/channels/sms/inbound"
)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(
    door: Door, body: bytes, *, path: str = fallback.PATH, query: str = "", **changed: Any
) -> Answer:
    """One request to the door, WSGI's way."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": query,
        "CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
        **changed,
    }  # fmt: skip
    told: list[Any] = []
    chunks = door(environ, lambda status, headers: told.append((status, headers)))
    status, headers = told[0]
    return Answer(int(status[:3]), dict(headers), b"".join(chunks).decode())


def signed(
    fields: dict[str, str], *, url: str = URL, token: str = NEW, algorithm: str = "HMAC_SHA1"
) -> str:
    return str(RequestValidator(token).compute_signature(url, fields, algorithm))


def text(door: Door, fields: dict[str, str] = FIELDS, **changed: Any) -> Answer:
    given = {"HTTP_X_TWILIO_SIGNATURE": signed(fields), **changed}
    return ask(door, urlencode(fields).encode(), **given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def door(folder: Path) -> Door:
    return Door(URL, (NEW, OLD), folder)


@dataclass
class Try:
    """One request: the URL and token it was signed with, and how it comes in."""

    expected: int
    url: str = URL
    token: str = NEW
    algorithm: str = "HMAC_SHA1"
    signed: dict[str, str] = field(default_factory=lambda: FIELDS)
    given: str | None = None
    query: str = ""
    extra: dict[str, str] = field(default_factory=dict)


TABLE = {
    "right": Try(200),
    "right, by the token that is being rotated out": Try(200, token=OLD),
    "right, signed with the usual port": Try(200, url=URL.replace("example/", "example:443/")),
    "right, and the host header is forged": Try(200, extra={"HTTP_HOST": "evil.example"}),
    "right, and proxy headers name another host": Try(
        200, extra={"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "http"}
    ),
    "right, with a query": Try(200, url=f"{URL}?a=1&b=%20x", query="a=1&b=%20x"),
    "no signature": Try(403, given=""),
    "a wrong signature": Try(403, given="RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "a signature that is not ASCII": Try(403, given="Ünterschrift"),
    "a token of somebody else": Try(403, token="not-ours"),
    "signed for http": Try(403, url=URL.replace("https", "http")),
    "signed for another port": Try(403, url=URL.replace("example/", "example:8443/")),
    "signed for another host": Try(403, url=URL.replace("hub.example", "evil.example")),
    "signed for the main door": Try(403, url="https://hub.example/channels/sms/inbound"),
    "a query that was not signed": Try(403, query="admin=1"),
    "a field that was changed": Try(403, signed={**FIELDS, "From": "+447700900999"}),
    "a field that was added": Try(403, signed={k: v for k, v in FIELDS.items() if k != "Body"}),
    "a field that was taken away": Try(403, signed={**FIELDS, "Extra": "1"}),
    "the algorithm named in a header": Try(
        403, algorithm="HMAC_SHA256",
        extra={"HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS": "key=k,algorithm=HMAC_SHA256"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", TABLE.values(), ids=TABLE.keys())
def test_only_twilio_with_our_token_is_let_in(attempt, door, folder):
    made = signed(attempt.signed, url=attempt.url, token=attempt.token, algorithm=attempt.algorithm)
    given = made if attempt.given is None else attempt.given
    answer = ask(
        door, urlencode(FIELDS).encode(), query=attempt.query,
        HTTP_X_TWILIO_SIGNATURE=given, **attempt.extra,
    )  # fmt: skip
    assert answer.status == attempt.expected
    assert len(spool.waiting(folder)) == (1 if attempt.expected == 200 else 0)


def test_our_token_vouches_for_our_account_alone(folder):
    ours = FIELDS["AccountSid"]
    assert text(Door(URL, (NEW,), folder, "AC" + "5" * 32)).status == 403
    assert spool.waiting(folder) == []
    assert text(Door(URL, (NEW,), folder, ours)).status == 200
    assert len(spool.waiting(folder)) == 1


def test_without_a_token_nobody_is_let_in(folder):
    for tokens in ((), ("",)):
        door = Door(URL, tokens, folder)
        assert text(door, HTTP_X_TWILIO_SIGNATURE=signed(FIELDS, token="")).status == 403
    assert spool.waiting(folder) == []


def test_what_was_said_is_kept_word_for_word_and_nothing_is_answered(door, folder):
    words = "Dzień dobry 🙂 +100% & =\r\nNUL\x00"
    fields = {**FIELDS, "Body": words}
    answer = text(door, fields)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert "<Response/>" in answer.body
    (path,) = spool.waiting(folder)
    kept = spool.read(path)
    assert kept.fields == fields
    assert kept.source == spool.FALLBACK
    assert abs((datetime.now(UTC) - kept.received_at).total_seconds()) < 30
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_name_that_comes_twice_is_counted_twice_in_the_signature(door):
    class Twice(dict):  # type: ignore[type-arg]
        def getlist(self, name):
            return ["b", "a"] if name == "Twice" else [self[name]]

    fields = Twice(FIELDS, Twice="a")
    body = urlencode([*FIELDS.items(), ("Twice", "b"), ("Twice", "a")]).encode()
    assert ask(door, body, HTTP_X_TWILIO_SIGNATURE=signed(fields)).status == 200
    assert ask(door, body, HTTP_X_TWILIO_SIGNATURE=signed({**FIELDS, "Twice": "a"})).status == 403


def test_200_is_said_only_after_the_disk_has_the_file_and_its_name(door, folder, monkeypatch):
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").resolve()
        steps.append("folder" if place.is_dir() else "file")
        real_fsync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        steps.append("name")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    assert text(door).status == 200
    assert steps == ["file", "name", "folder"]


@pytest.mark.parametrize("failing", ["fsync", "write", "replace", "mkdir"])
def test_a_disk_that_is_full_or_ill_is_said_so_and_leaves_nothing_half_done(
    failing, door, folder, monkeypatch
):
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif failing == "write":
        monkeypatch.setattr(os, "fdopen", full)
    else:
        monkeypatch.setattr(Path, failing, full)
    answer = text(door)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    monkeypatch.undo()
    assert spool.waiting(folder) == []
    assert not [name for name in folder.glob("*") if name.suffix == ".part"]
    assert text(door).status == 200


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_really_has_no_room_is_refused(door, folder, monkeypatch):
    real = os.open
    monkeypatch.setattr(
        os, "open",
        lambda path, flags, *mode: real("/dev/full", os.O_WRONLY) if str(path).endswith(".part")
        else real(path, flags, *mode),
    )  # fmt: skip
    assert text(door).status == 503


@pytest.mark.parametrize(
    ("status", "changed"),
    [
        (405, {"REQUEST_METHOD": "GET"}),
        (405, {"REQUEST_METHOD": "PUT"}),
        (404, {"path": "/channels/sms/inbound"}),
        (404, {"path": "/../etc/passwd"}),
        (411, {"CONTENT_LENGTH": ""}),
        (411, {"CONTENT_LENGTH": "-1"}),
        (411, {"CONTENT_LENGTH": "²"}),
        (413, {"CONTENT_LENGTH": str(64 * 1024 + 1)}),
        (413, {"CONTENT_LENGTH": "9" * 30}),
        (415, {"CONTENT_TYPE": "application/json"}),
        (415, {"CONTENT_TYPE": "multipart/form-data; boundary=x"}),
        (400, {"CONTENT_LENGTH": "60000"}),
    ],
)
def test_what_is_no_text_is_refused_before_anything_is_written(status, changed, door, folder):
    assert text(door, **changed).status == status
    assert not folder.exists()


def test_odd_bodies_are_refused_and_never_break_the_door(door, folder):
    many = urlencode([(f"f{n}", "x") for n in range(300)]).encode()
    for body in (b"\xff\xfe", "Body=ż".encode(), many):
        assert ask(door, body, HTTP_X_TWILIO_SIGNATURE="x").status == 400
    for wrong in ("", "SM12", "../../etc/passwd", "SM" + "g" * 32):
        fields = {**FIELDS, "MessageSid": wrong, "SmsSid": "", "SmsMessageSid": ""}
        assert text(door, fields).status == 400
    assert not folder.exists()


def test_the_door_says_whether_it_can_write(door, folder):
    healthy = ask(door, b"", path="/healthz", REQUEST_METHOD="GET")
    assert (healthy.status, healthy.body) == (200, "ok\n")
    broken = Door(URL, (NEW,), Path("/proc/nowhere"))
    assert ask(broken, b"", path="/healthz", REQUEST_METHOD="GET").status == 503


def test_it_reads_what_the_settings_read(monkeypatch, tmp_path):
    for name in ("HUB_SMS_FALLBACK_URL", "HUB_SMS_SPOOL_DIR", "TWILIO_AUTH_TOKEN", "HUB_DEMO",
                 "TWILIO_ACCOUNT_SID", "SEALING_KEYS", "SECRET_KEY_FILE"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUB_BASE_URL", "https://hub.example")
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "one, two")
    assert fallback.from_environment() == Door(URL, ("one", "two"), tmp_path / "sms-spool")
    for name, value in (("SECRET_KEY", "new"), ("SECRET_KEY_FALLBACKS", "old")):
        monkeypatch.setenv(name, value)
    assert fallback.from_environment().seals == ("new/seal", "old/seal")
    monkeypatch.setenv("SEALING_KEYS", "a, b")
    assert fallback.from_environment().seals == ("a", "b")
    monkeypatch.setenv("HUB_SMS_FALLBACK_URL", "https://spare.example/texts")
    assert fallback.from_environment().url == "https://spare.example/texts"


# -- As a process of its own ---------------------------------------------------------------------


@dataclass
class Running:
    address: str
    process: subprocess.Popen[bytes]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The door as `manage.py up` and the container start it, with a database that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "8",
         "-b", f"127.0.0.1:{port}", "hub.fallback:from_environment()"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**kept, "HUB_DATA_DIR": str(tmp_path), "TWILIO_AUTH_TOKEN": NEW,
             "HUB_SMS_FALLBACK_URL": f"{address}{fallback.PATH}",
             "HUB_SMS_SPOOL_DIR": str(tmp_path / "spool"), "SECRET_KEY": "",
             "DATABASE_URL": "postgresql://hub@127.0.0.1:1/hub"},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):
                break
            time.sleep(0.1)
        yield Running(address, process)
    finally:
        process.terminate()
        process.wait(20)


def test_a_process_without_database_takes_texts_and_keeps_them_when_it_is_killed(running, tmp_path):
    url = f"{running.address}{fallback.PATH}"
    sids = [sid() for _ in range(5)]
    for one in sids:
        fields = {**FIELDS, "MessageSid": one}
        request = urllib.request.Request(
            url, urlencode(fields).encode(),
            {"X-Twilio-Signature": signed(fields, url=url), "Content-Type": FORM},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
    running.process.kill()
    running.process.wait(10)
    kept = [spool.read(path).fields["MessageSid"] for path in spool.waiting(tmp_path / "spool")]
    assert kept == sids
    forged = urllib.request.Request(url, b"Body=x", {"X-Twilio-Signature": "x"})
    with pytest.raises((urllib.error.HTTPError, OSError)):
        urllib.request.urlopen(forged, timeout=5)


def test_it_needs_neither_models_nor_the_database():
    code = (
        "import sys, json; from hub import fallback; fallback.from_environment();"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in"
        " ('psycopg', 'celery', 'redis', 'requests', 'enquiries', 'core', 'notifications')"
        " or m.startswith(('django.db', 'django.conf', 'django.apps'))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == []
