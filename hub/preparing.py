"""What must be done before pages can be shown: tables, static files, demo data. Repeatable."""

import hashlib
import io
from collections.abc import Callable

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import queries as accounts
from hub.startup import StartFailed, say

# Any number: two that prepare the same database at once take turns.
PREPARE_LOCK = 0x4855_4200


def prepare(*, static: bool) -> None:
    """Do what is not done yet; a step that fails says which, why, and what to do."""
    _step("settings", _check, "Correct the setting that is named.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
    try:
        _step("migrations", _migrate, "Read the reason above; docs/runbook.md has the ways back.")
        if static:
            _step(
                "static files", _collect_static, "Run `make run` again; it fetches what is missing."
            )
        if settings.HUB_DEMO:
            cure = (
                "Mend what is named and start again: it goes on where it was. "
                "Or begin anew with `make reset`, or start without demo data (--no-demo)."
            )
            _step("demo data", _demo, cure)
        _step("kiosk pages", _kiosk_release, "Look at the reason above.")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])


def _step(name: str, work: Callable[[], object], cure: str) -> None:
    try:
        work()
    except Exception as error:
        raise StartFailed(name, f"{type(error).__name__}: {error}", cure) from error


def _check() -> None:
    call_command("check", stdout=io.StringIO())


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        say("hub", f"bringing the tables up to date ({waiting} migrations)")
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    stamp = settings.HUB_DATA_DIR / "run" / "static.stamp"
    mark = _static_mark()
    done = stamp.exists() and stamp.read_text(encoding="ascii") == mark
    if done and settings.STATIC_ROOT.is_dir():
        return
    say("hub", "collecting the static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(mark, encoding="ascii")


def _static_mark() -> str:
    whole = hashlib.sha256()
    ours = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    packages = settings.BASE_DIR / "package-lock.json", settings.BASE_DIR / "hub" / "vendored.py"
    for path in (*ours, *packages):
        whole.update(str(path).encode() + path.read_bytes())
    return whole.hexdigest()


def _kiosk_release() -> None:
    try:
        call_command("kiosk_release", stdout=io.StringIO())
    except CommandError as error:
        # Everybody else's door opens all the same.
        say("hub", f"no new pages for kiosks, they keep what they have: {error}")


def _demo() -> None:
    # The stamp comes last: a first start that was cut short is taken up again.
    stamp = settings.HUB_DATA_DIR / "run" / "demo.done"
    if stamp.exists() and accounts.organisations():
        return
    say("hub", "loading the demo partnership (the first time only)")
    call_command("demo", stdout=io.StringIO())
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
