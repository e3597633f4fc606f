#!/usr/bin/env python3
"""Django's commands."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name, with the servers that it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from hub import startup

    with startup.surroundings(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
