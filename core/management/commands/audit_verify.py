"""manage.py audit_verify: does the audit trail still hold together?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import audit


class Command(BaseCommand):
    help = "Checks the hash chain of the audit trail and names every fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            default="",
            help="SEQUENCE:DIGEST written down earlier (log line audit.sealed); shows a cut tail",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchor = _read_anchor(str(options["anchor"]))
        faults = audit.verify(anchor=anchor)
        for fault in faults:
            self.stdout.write(fault.words)
        head = audit.head()
        if faults:
            raise CommandError(f"the audit trail does not hold: {len(faults)} faults")
        self.stdout.write(f"ok: {head.sequence} links, head {head.sequence}:{head.digest}")


def _read_anchor(text: str) -> audit.Head | None:
    if not text:
        return None
    sequence, _, digest = text.partition(":")
    if not sequence.isdigit() or len(digest) != len(audit.GENESIS):
        raise CommandError("--anchor is SEQUENCE:DIGEST, as audit_verify prints it")
    return audit.Head(int(sequence), digest)
