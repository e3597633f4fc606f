"""Makes `.venv` and `node_modules` from the lock files. Needs CPython 3.11 and nothing else.

Run as a file by make, before anything is installed: it may import the standard library alone.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LAST_LINES = 12


class StepFailed(Exception):
    """A step did not work: its name, why, and what to do."""

    def __init__(self, step: str, why: str, cure: str) -> None:
        super().__init__(step)
        self.step, self.why, self.cure = step, why, cure


def say(words: str) -> None:
    """One line, at once."""
    print(f"{'setup':>8} | {words}", flush=True)


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    say(f"{words} …")
    started = time.monotonic()
    yield
    say(f"{words}: done in {time.monotonic() - started:.1f} s")


def run(command: Sequence[str | Path], *, name: str, cure: str) -> None:
    """Run a program quietly; its last lines become the reason when it fails."""
    environment = {
        **os.environ,
        "UV_NO_PROGRESS": "1",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_COLOR": "1",
    }
    environment.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise StepFailed(name, str(error), cure) from error
    if done.returncode:
        raise StepFailed(name, "\n".join(done.stdout.strip().splitlines()[-LAST_LINES:]), cure)


def digest(*paths: Path) -> str:
    """What the files say, in 64 digits; a file that is missing counts too."""
    whole = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for path in paths:
        whole.update(path.read_bytes() if path.exists() else b"missing")
    return whole.hexdigest()


def is_current(stamp: Path, mark: str) -> bool:
    """Whether the step behind `stamp` was last done for the same files."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == mark


# -- Python --------------------------------------------------------------------------------------


def python_packages(lock: Path) -> None:
    """Bring `.venv` to what `lock` says, checked by hash."""
    stamp, mark = VENV / f"{lock.stem}.stamp", digest(lock)
    if is_current(stamp, mark) and _venv_works():
        return
    if not _venv_works():
        with step("Python environment in .venv"):
            _make_venv()
    with step(f"Python packages of {lock.name} (the first time needs the network)"):
        _install(lock)
    stamp.write_text(mark, encoding="ascii")


def _venv_works() -> bool:
    if not PYTHON.exists():
        return False
    probe = [str(PYTHON), "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]
    found = subprocess.run(probe, capture_output=True, text=True, check=False)
    return found.stdout.strip() == ".".join(map(str, sys.version_info[:3]))


def _make_venv() -> None:
    name = "Python environment in .venv"
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
        return
    except (subprocess.CalledProcessError, OSError) as error:
        reason = str(error)
    # Some Linux distributions leave ensurepip out; their own pip can fill the environment.
    shutil.rmtree(VENV, ignore_errors=True)
    cure = (
        "Install the venv module of this Python (Debian, Ubuntu: apt-get install python3-venv), "
        "or name another Python: make run PYTHON=/path/to/python3.12"
    )
    try:
        venv.create(VENV, with_pip=False, symlinks=True)
    except OSError as error:
        raise StepFailed(
            name, str(error), "Make room and see that this folder is yours."
        ) from error
    outside: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON]
    try:
        run([*outside, "install", "-q", "pip"], name=name, cure=cure)
    except StepFailed as failed:
        raise StepFailed(name, f"{reason}\n{failed.why}", cure) from failed


def _install(lock: Path) -> None:
    name = f"Python packages of {lock.name}"
    cure = (
        "See that this machine reaches its package index (the settings of pip count: "
        "`pip config list`) and that the disk has 1 GB free, then run the same command again."
    )
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes"]
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "-q", "--require-hashes"]
    try:
        if not (VENV / "bin" / "uv").exists():
            run([*pip, "-r", ROOT / "requirements-uv.lock"], name=name, cure=cure)
        run([*uv, "--python", PYTHON, "-r", lock], name=name, cure=cure)
    except StepFailed:
        # uv reads no settings of pip: behind a company's own index only pip may know the way
        run([*pip, "-r", lock], name=name, cure=cure)


# -- Browser packages ----------------------------------------------------------------------------


def browser_packages() -> None:
    """Bring `node_modules` to what package-lock.json says; no script of a package is run."""
    node_packages(ROOT, what="Browser packages in node_modules")


def node_packages(folder: Path, *, what: str) -> Path:
    """Bring `node_modules` of a folder to what its package-lock.json says; returns where it is."""
    modules = folder / "node_modules"
    stamp = modules / ".hub.stamp"
    mark = digest(folder / "package.json", folder / "package-lock.json")
    if is_current(stamp, mark):
        return modules
    with step(what):
        run(
            [
                *_npm(), "ci", "--prefix", folder,
                "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
            ],
            name=what,
            cure="See that this machine reaches its npm registry (`npm config get registry`), then "
            "run the same command again.",
        )  # fmt: skip
    stamp.write_text(mark, encoding="ascii")
    return modules


def _npm() -> list[str | Path]:
    found = shutil.which("npm")
    if (
        found
        and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    ):
        return [found]
    lock = ROOT / "requirements-node.lock"
    if not (VENV / "bin" / "npm").exists():
        with step("Node and npm as a Python package, because no npm is on the PATH"):
            _install(lock)
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [VENV / "bin" / "npm"]


def main() -> int:
    """Do what is not done yet; 0 when all is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path, help="the lock file whose packages are needed")
    parser.add_argument("--browser", action="store_true", help="the browser packages too")
    options = parser.parse_args()
    try:
        if sys.version_info < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise StepFailed(
                "Python",
                f"{sys.executable} is {sys.version.split()[0]}; {wanted} or newer is needed.",
                f"Install Python {wanted} or newer, or name it: make run PYTHON=/path/to/python",
            )
        with (ROOT / "Makefile").open() as lock:  # two starts at once: the second waits
            fcntl.flock(lock, fcntl.LOCK_EX)
            python_packages(ROOT / options.lock)
            if options.browser:
                browser_packages()
    except StepFailed as failed:
        say(f"FAILED: {failed.step}")
        for line in failed.why.splitlines():
            say(f"   {line}")
        say(f"What to do: {failed.cure}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run the same command again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
