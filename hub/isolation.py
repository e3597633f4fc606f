"""Under which user and where PostgreSQL may sit: it refuses to run as root.

Three ways, in this order: as we are (not root); as the user `nobody` where that user can reach the
folders; in a user namespace of its own, where root looks like an ordinary user; and, where a
container forbids that, as `nobody` in a folder that everyone can reach.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a server keeps its data, where its programs are, and as whom it runs."""

    home: Path
    programs: Path
    identity: dict[str, Any] = field(default_factory=dict)
    namespace: bool = False

    def own(self, path: Path) -> None:
        """Give `path` to the server's user."""
        if self.identity:
            os.chown(path, self.identity["user"], self.identity["group"])

    def before_exec(self, at_death: signal.Signals) -> Callable[[], None]:
        """What the new process does first: enter its namespace, and tie its life to ours."""
        die = die_with_parent(at_death)

        def prepare() -> None:
            if self.namespace:
                enter_user_namespace()
            die()

        return prepare


def die_with_parent(at_death: signal.Signals) -> Callable[[], None]:
    """A function for a new process: the kernel shall send it `at_death` when its parent dies."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(at_death), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return tie


def program_of(pid: int) -> str:
    """The name of the program that process `pid` runs; empty when there is no such process."""
    question = ["ps", "-o", "comm=", "-p", str(pid)]
    if Path("/proc/self/comm").exists():
        name = Path(f"/proc/{pid}/comm")
        return name.read_text().strip() if name.exists() else ""
    return subprocess.run(question, capture_output=True, text=True, check=False).stdout.strip()


def enter_user_namespace() -> None:
    """Become user 1000 in a namespace of our own; files stay root's. OSError if forbidden."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


def seat_for(home: Path, programs: Path) -> Seat:
    """The best seat for a server whose data shall be in `home`."""
    if os.geteuid() != 0:
        return Seat(home, programs)
    nobody = pwd.getpwnam("nobody")
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if _everyone_can_reach(home.parent) and _everyone_can_reach(programs):
        seat = Seat(home, programs, identity)
        _give(seat)
        return seat
    if _namespaces_work():
        _take_back(home)
        return Seat(home, programs, namespace=True)
    return _public_seat(home, programs, identity)


def _give(seat: Seat) -> None:
    """Hand the data over; the secret beside it stays ours."""
    seat.home.chmod(0o711)
    seat.own(seat.home)
    data = seat.home / "data"
    if data.exists() and data.stat().st_uid != seat.identity["user"]:
        for path in (data, *data.rglob("*")):
            seat.own(path)


def _take_back(home: Path) -> None:
    """Make the data root's again, where an earlier start had given it to `nobody`."""
    data = home / "data"
    if data.exists() and data.stat().st_uid != 0:
        for path in (home, data, *data.rglob("*")):
            os.chown(path, 0, 0)


def _everyone_can_reach(path: Path) -> bool:
    chain = (path.resolve(), *path.resolve().parents)
    return all(place.stat().st_mode & stat.S_IXOTH for place in chain if place.exists())


def _namespaces_work() -> bool:
    child = os.fork()
    if child == 0:
        try:
            enter_user_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def public_place(home: Path) -> Path:
    """Where a server sits that nobody could reach in `home`; there whether it does or not."""
    mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"hub-{mark}"  # noqa: S108  # the name is ours, its owner is checked


def leave_public_place(home: Path) -> None:
    """Remove what a server of `home` keeps there, whether a link still leads to it or not."""
    place = public_place(home)
    if os.geteuid() != 0 or place.is_symlink() or not place.is_dir():
        return
    if place.stat().st_uid in (0, pwd.getpwnam("nobody").pw_uid):
        shutil.rmtree(place)


def _public_seat(home: Path, programs: Path, identity: dict[str, Any]) -> Seat:
    """Programs and data under /var/tmp, and a link to them where the data was expected."""
    place = public_place(home)
    place.mkdir(mode=0o711, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid not in (0, identity["user"]):
        raise PermissionError(f"{place} belongs to somebody else. Remove it, or give DATABASE_URL.")
    package = programs.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        target = place / "programs" / folder.name
        if folder.is_dir() and not target.exists():
            shutil.copytree(folder, target, symlinks=True)
    seat = Seat(place, place / "programs" / package.name / "pginstall" / "bin", identity)
    if (home / "data").is_dir() and not (home / "data").is_symlink():
        shutil.move(home / "data", place / "data")
    _give(seat)
    if not (home / "data").is_symlink():
        (home / "data").symlink_to(place / "data")
    return seat
