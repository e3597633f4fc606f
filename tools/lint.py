"""All checks that need no running hub, as many at once as there are processors; every failure is
shown."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# Licences that ask us to publish what we link with, or that are none.
UNACCEPTABLE = ("GNU General Public License", "GPL-2", "GPL-3", "AGPL", "Affero", "SSPL", "UNKNOWN")
# Their metadata name no licence; what they come with does, and was read.
READ_BY_US = {"IMAPClient": "three clauses of BSD, in its COPYING"}
# Files of digests look like secrets to a machine.
NO_SECRETS = r"(\.lock|package-lock\.json|max_migration\.txt|\.csv|\.jsonl|\.svg)$"
# Alphabets to draw from, and the placeholders of addresses in help texts.
NO_KEYS = r"^([a-z]{10,}23456789|23456789[A-Z]+|password|word|secret|(AC|SK|SM)0{20,}[0-9a-f]*)$"
SQUAWK_EXCLUDED = (
    "prefer-text-field",  # Django's CharField has a length that forms and constraints rely on
    "prefer-robust-stmts",  # Django runs each migration in a transaction
    "prefer-identity", "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",  # Django's own choice of types
    "require-timeout-settings",  # set for the role that migrates, docs/runbook.md
)  # fmt: skip


def program(*command: str) -> tuple[bool, str]:
    """Run one of our tools; whether it was content, and what it said."""
    environment = {**os.environ, "HUB_DEVELOPMENT": "1", "DJANGO_SETTINGS_MODULE": "hub.settings"}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode == 0, done.stdout.strip()


def _tracked(pattern: str = "") -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [
        name for name in listed.stdout.splitlines()
        if re.search(pattern, name) and (ROOT / name).is_file()
    ]  # fmt: skip


def templates() -> tuple[bool, str]:
    """The shape of the templates."""
    return program("djlint", "templates", "--lint", "--quiet")


def migrations() -> tuple[bool, str]:
    """Every change of a model has its migration, and no migration locks a table for long."""
    made, words = program("python", "manage.py", "makemigrations", "--check", "--dry-run")
    if not made:
        return False, words
    written, words = program("python", "-m", "tools.migration_sql", "build/sql")
    files = sorted(str(path) for path in (ROOT / "build" / "sql").glob("*.sql"))
    if not written or not files:
        return written, words
    excluded = [f"--exclude={rule}" for rule in SQUAWK_EXCLUDED]
    transaction = ("--assume-in-transaction", "--reporter=gcc")
    return program("squawk", "--pg-version=18.0", *transaction, *excluded, *files)


def secrets() -> tuple[bool, str]:
    """No key stands in a file. In tests, words that are plainly made up count as no secret."""
    scan = ("detect-secrets-hook", "--exclude-files", NO_SECRETS, "--exclude-secrets", NO_KEYS)
    guesses = ("Keyword", "BasicAuth", "HexHighEntropyString", "Base64HighEntropyString")
    made_up = [
        word
        for name in guesses
        for word in ("--disable-plugin", name if "Entropy" in name else f"{name}Detector")
    ]
    ours, words = program(*scan, *_tracked(r"^(?!tests/)"))
    theirs, more = program(*scan, *made_up, *_tracked(r"^tests/"))
    return ours and theirs, f"{words}\n{more}".strip()


def licences() -> tuple[bool, str]:
    """Nothing that we ship asks for more than we can give."""
    locked = (ROOT / "requirements-embedded.lock").read_text("utf-8")
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)
    known, table = program("pip-licenses", "--from=mixed", "--format=csv", "--packages", *names)
    bad = [line for line in table.splitlines() if _asks_too_much(line)]
    return known and not bad, "\n".join(bad) if known else table


def _asks_too_much(line: str) -> bool:
    if line.endswith('"UNKNOWN"') and line.split(",", maxsplit=1)[0].strip('"') in READ_BY_US:
        return False
    lesser = "Lesser" in line or "LGPL" in line
    return not lesser and any(word in line for word in UNACCEPTABLE)


# The long ones first, so that none is left alone at the end.
CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "types": lambda: program("mypy", "."),
    "secrets": secrets,
    "migrations": migrations,
    "style": lambda: program("ruff", "check", "--quiet", "."),
    "shape": lambda: program("ruff", "format", "--check", "--quiet", "."),
    "floors": lambda: program("lint-imports", "--no-logo"),
    "templates": templates,
    "licences": licences,
}


def _timed(name: str) -> tuple[bool, str, float]:
    started = time.monotonic()
    content, words = CHECKS[name]()
    return content, words, time.monotonic() - started


def main(chosen: list[str]) -> int:
    """Run the chosen checks, or all; the number of those that failed."""
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(_timed, name): name for name in chosen or list(CHECKS)}
        for done in as_completed(running):
            name, (content, words, seconds) = running[done], done.result()
            print(f"{name:>10} | {'ok' if content else 'FAILED'} ({seconds:.1f} s)", flush=True)
            if not content:
                failed.append(name)
                print(words, flush=True)
    if failed:
        print(
            f"\nFailed: {', '.join(failed)}. One alone: .venv/bin/python tools/lint.py {failed[0]}"
        )
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
