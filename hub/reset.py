"""`make reset`: all data of this machine's hub goes, wherever its PostgreSQL had to keep it.

Run by make with whatever Python there is: the standard library alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from hub import embedded, isolation
from hub.startup import data_folder, say

ROOT = Path(__file__).resolve().parent.parent
YES = frozenset({"y", "yes"})


def main(home: Path, *, sure: bool, ask: Callable[[str], str] = input) -> int:
    """Empties `home` once somebody has said yes; 0 when what they wanted is so.

    `sure` is that they have said so before.
    """
    home = home.resolve()
    if ROOT.is_relative_to(home) or home == Path.home():
        return _not_done(f"{home} holds more than the hub. Set HUB_DATA_DIR to a folder of its own")
    if not home.exists() and not isolation.public_place(home / "postgres").exists():
        say("hub", f"There is nothing to remove: no data in {home}.")
        return 0
    question = f"This removes every enquiry kept in {home}. Go on? yes/no: "
    try:
        answer = "yes" if sure else ask(question)
    except EOFError:
        return _not_done("There is nobody to ask. Say it beforehand: make reset YES=1")
    if answer.strip().lower() not in YES:
        say("hub", "Nothing was removed.")
        return 0
    with embedded.only_one(home) as mine:
        if not mine:
            return _not_done("The hub of this folder is running. Stop it with Ctrl-C where it runs")
        try:
            _empty(home)
        except OSError as error:
            return _not_done(f"Not all could be removed: {error}. Mend that, and do it again", "")
    say("hub", f"{home} is gone.")
    if os.environ.get("DATABASE_URL"):
        say("hub", "The database that DATABASE_URL names was left alone.")
    return 0


def _empty(home: Path) -> None:
    postgres = home / "postgres"
    embedded.stop_leftover(postgres / "data")
    # What is left there would be taken up by the next start, under a password that is gone.
    isolation.leave_public_place(postgres)
    shutil.rmtree(home)


def _not_done(why: str, said: str = "Nothing was removed. ") -> int:
    say("hub", f"{said}{why}.")
    return 1


if __name__ == "__main__":
    sys.exit(main(data_folder(), sure=os.environ.get("YES", "").lower() in {*YES, "1"}))
