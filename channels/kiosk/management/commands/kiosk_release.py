"""manage.py kiosk_release: puts down what the kiosk's own pages are now, as a release."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from channels.kiosk import shell
from kiosks import building


class Command(BaseCommand):
    help = (
        "Makes a release of the kiosk's own pages and scripts, for when the line is away. "
        "Where nothing changed since the last one, nothing happens."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help="what is new in it, for administrators")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version, is_new = shell.put_down(now=timezone.now(), note=options["note"][:200])
        except building.ReleaseNotWhole as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{'new' if is_new else 'unchanged'}: {version}")
