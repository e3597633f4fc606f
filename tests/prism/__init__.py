"""Prism, which holds requests and answers to a provider's own description (OpenAPI).

Its packages are put beside this file when a test first asks, from its package-lock.json.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from hub import embedded
from tests.parts import ROOT, Part, running
from tools import bootstrap

HERE = Path(__file__).parent
PROVIDERS = ROOT.parent / "shared" / "data" / "providers"
PATIENCE_SECONDS = 60


def description(name: str) -> Path:
    """A provider's description; the test is skipped where the folder of data is not there."""
    path = PROVIDERS / name
    if not path.exists():
        pytest.skip("the providers' descriptions are not here (../shared/data/providers)")
    return path


def _program() -> Path:
    with (HERE / ".lock").open("w") as lock:  # workers of one run must not install side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        modules = bootstrap.node_packages(HERE, what="Prism, for tests")
    return modules / ".bin" / "prism"


@contextlib.contextmanager
def mock(name: str, log: Path) -> Iterator[str]:
    """Answers as the description says: examples for what is right, 4xx for what is not."""
    with _served(["mock", str(description(name))], log) as address:
        yield address


@contextlib.contextmanager
def before(name: str, upstream: str, log: Path) -> Iterator[str]:
    """Hands on to `upstream` and back; a breach of the description by either is an error."""
    with _served(["proxy", str(_as_in_examples(name, log)), upstream, "--errors"], log) as address:
        yield address


def _as_in_examples(name: str, log: Path) -> Path:
    """The description with addresses as its own examples have them: parts of one, not whole."""
    told = description(name).read_text(encoding="utf-8")
    mended = log.with_name(name)
    mended.write_text(re.sub(r'"format":\s*"uri"', '"format": "uri-reference"', told))
    return mended


@contextlib.contextmanager
def _served(arguments: list[str], log: Path) -> Iterator[str]:
    port = embedded.free_port()
    command = [str(_program()), *arguments, "-p", str(port), "-v", "error"]
    address = f"http://127.0.0.1:{port}"
    with running(Part("prism", command, {}, log)):
        _wait(address, log)
        yield address


def _wait(address: str, log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        with contextlib.suppress(requests.RequestException):
            requests.get(address, timeout=5)
            return
        time.sleep(0.1)
    raise AssertionError(f"Prism does not answer: {log.read_text()[-2000:]}")
