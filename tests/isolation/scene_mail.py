"""E-mails of the scene: one that waits for a person, one that was left alone."""

from __future__ import annotations

from inbox import actions_mail
from inbox.actions_mail import ReadAs
from inbox.mails import MailKind
from inbox.models import InboundMail
from tests.isolation.stage import Scene
from tests.world import NOW


def mails(scene: Scene) -> None:
    """Writes both: what somebody wrote in a mail is read by those who speak to people alone."""
    for key in ("aside", "ignored"):
        subject = scene.canaries.add(f"hub.{key}.mail", f"Mail {next(scene.numbers)} {key}")
        message_id = f"<{key}@mail.example>".encode()
        actions_mail.keep(
            mailbox="reply@hub.example", message_id=message_id, raw=b"Subject: a\r\n\r\nWords",
            size=20, door="webhook", received_at=NOW,
        )  # fmt: skip
        row = InboundMail.objects.latest("pk")
        actions_mail.note(row.pk, ReadAs(MailKind.MESSAGE, subject=subject or "", words="Words"))
        if key == "aside":
            actions_mail.aside(row.pk, why="We could not read it", now=NOW)
        else:
            actions_mail.ignored(row.pk, why="An automatic answer", now=NOW)
        scene.mails[key] = row.public_id
