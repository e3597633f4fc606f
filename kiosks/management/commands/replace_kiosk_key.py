"""manage.py replace_kiosk_key: another key for what kiosks keep, or for what they are told."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.audit import SYSTEM
from kiosks import server_keys
from kiosks.models import KeyPurpose


class Command(BaseCommand):
    help = (
        "Makes a new key in the place of the one in use: kiosks have it with their next sign of "
        "life. What was sealed to the old one still opens."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "purpose",
            choices=KeyPurpose.values,
            help="seal: what kiosks keep is sealed to it; sign: commands are signed with it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = server_keys.replace(
            purpose=KeyPurpose(options["purpose"]), actor=SYSTEM, now=timezone.now()
        )
        self.stdout.write(f"in use now: {made['kid']}")
