"""make fuzz: reads for MINUTES what nobody would write; ends with 1 at the first fault found.

Each reader gets its share of the time again and again, every time with another seed; the seed is
printed with a fault, and `--seed` begins there.
"""

import argparse
import logging
import os
import secrets
import sys
import time

ROUND = 500


def main() -> int:
    """How much was read, as a table."""
    options = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--only", default="", help="readers whose names have these words")
    asked = options.parse_args()

    import django

    django.setup()
    logging.disable()  # what is refused is logged, thousands of times here
    from tests.fuzz.parsers import PARSERS, Tally, hold

    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    chosen = {name: one for name, one in PARSERS.items() if asked.only in name}
    tallies = {name: Tally() for name in chosen}
    ends = time.monotonic() + asked.minutes * 60
    while chosen:
        for name, parser in chosen.items():
            try:
                done = hold(parser, examples=ROUND, seed=seed)
            except BaseException:
                sys.stdout.write(f"\n{name}: found with --seed {seed}\n")
                raise
            tallies[name].examples += done.examples
            tallies[name].slowest = max(tallies[name].slowest, done.slowest)
        seed += 1
        if time.monotonic() > ends:
            break
    for name, tally in tallies.items():
        sys.stdout.write(
            f"{name:34} {tally.examples:>9,} read, slowest {tally.slowest * 1000:7.1f} ms\n"
        )
    return 0 if chosen else 1


if __name__ == "__main__":
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HUB_DEVELOPMENT": "1",
            "SECRET_KEY": "only-for-reading-" + "x" * 40,
        }
    )
    sys.exit(main())
