"""What every test can ask for: real PostgreSQL, real Valkey, and Chromium where there is one."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
from hypothesis import settings as drawn

# Playwright keeps an event loop running in the test's thread; Django would take it for a view's.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Machines are shared: how long one example took says nothing about the code.
drawn.register_profile("hub", deadline=None)
drawn.load_profile("hub")

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# What takes the whole machine is never run twice at once; what is dear to set up is set up once.
TOGETHER = {
    "tests/hub/test_up.py": "whole hub",
    "tests/storm/test_storm.py": "whole hub",
    "tests/reference/test_demo.py": "demo",
    "tests/kiosk_rules/test_content.py": "kiosk rules",
    "tests/kiosk_rules/test_finding.py": "kiosk rules",
    "tests/hostile/test_fields.py": "hostile fields",
    "tests/hostile/test_shown.py": "hostile shown",
}
NO_CHROMIUM = (
    "NO CHROMIUM: this walk through the pages was NOT made. Install it (Debian: apt-get install "
    "chromium) or set CHROME to its path. HUB_REQUIRE_BROWSER=1 makes this a failure."
)


from tests.snapshot import WRITTEN  # noqa: E402  # after the environment is set

# Everybody's people and places; `import x as x` because pytest finds fixtures by name.
from tests.world import agent as agent  # noqa: E402  # after the environment is set
from tests.world import client_for as client_for  # noqa: E402
from tests.world import manager as manager  # noqa: E402
from tests.world import officer as officer  # noqa: E402
from tests.world import outsider as outsider  # noqa: E402
from tests.world import world as world  # noqa: E402


def chromium() -> str:
    """The path of a Chromium of this machine, or nothing."""
    named = os.environ.get("CHROME", "")
    if named and Path(named).is_file():
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    return ""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: the tests of processes mostly wait for these."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Sends each file of TOGETHER to one worker: pytest 9.2 no longer shows xdist the marks."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]  # has none

    made = LoadGroupScheduling(config, log)
    made._split_scope = lambda nodeid: TOGETHER.get(nodeid.partition("::")[0], nodeid)
    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a database or a browser is marked so, and skipped loudly without the latter."""
    missing = not chromium()
    # The long ones first, so that no worker is left with one when the others have done.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if item.get_closest_marker("django_db") or _asks_for(item, "db", "transactional_db"):
            item.add_marker(pytest.mark.database)
        if not _asks_for(item, "page", "browser"):
            continue
        item.add_marker(pytest.mark.browser)
        if missing and os.environ.get("HUB_REQUIRE_BROWSER") != "1":
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look at it again after each few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _asks_for(item: pytest.Item, *fixtures: str) -> bool:
    return not set(fixtures).isdisjoint(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [r for r in terminalreporter.getreports("skipped") if NO_CHROMIUM in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"\n{len(skipped)} browser tests: {NO_CHROMIUM}", yellow=True)


@pytest.fixture(autouse=True)
def _remembered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no database finds a process that has read lately what it reads once a minute."""
    if request.node.get_closest_marker("database") is None:
        from hub import opening  # late: Django has no settings yet when pytest reads this file

        monkeypatch.setattr(opening, "_kept", (float("inf"), opening._OFFICE_HOURS))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts the machine's own Chromium."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(autouse=True)
def _no_words_of_another_test() -> Iterator[None]:
    """A process remembers translations of data for a while: longer than a test takes."""
    yield
    if (tongues := sys.modules.get("kb.tongues")) is not None:
        tongues.forget()
    if (live := sys.modules.get("notifications.live")) is not None:
        live.forget()
    if (releases := sys.modules.get("kiosks.queries_releases")) is not None:
        releases.forget()


def _deletes(_operations: Any, _style: Any, tables: list[str], **_options: Any) -> list[str]:
    # As a replica nothing is checked or refused: tables in any order, the ledger too.
    first = ["SET LOCAL session_replication_role = replica"] if tables else []
    return first + [f'DELETE FROM "{table}"' for table in tables if table not in WRITTEN]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Flushing after a test is quick: rows are deleted, and nothing is written anew.

    TRUNCATE makes new files for sixty tables; and nobody here asks for Django's own permissions.
    """
    # Imported late: Django has no settings yet when pytest reads this file.
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.backends.postgresql.operations import DatabaseOperations
    from django.db.models.signals import post_migrate

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _deletes)
        yield


@pytest.fixture(scope="session")
def pg(django_db_setup: None) -> str:
    """The address of this worker's own test database, for processes outside the test."""
    from django.db import connection

    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}"


@pytest.fixture(scope="session")
def _redis_of_this_worker(worker_id: str) -> str:
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    return f"{server}/{number % 16}"


@pytest.fixture
def redis_url(_redis_of_this_worker: str) -> str:
    """The address of this worker's own Redis database, empty at the start of each test."""
    with redis_py.Redis.from_url(_redis_of_this_worker) as client:
        client.flushdb()
    return _redis_of_this_worker
