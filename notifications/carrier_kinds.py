"""What each kind of carrier wants to be told, and what it can carry. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MEDIA = ("sms", "email", "letter")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that an account has to know. A secret is never shown again."""

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False
    is_required: bool = True
    limit: int = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider that people can set up."""

    name: str
    words: str
    media: tuple[str, ...]
    wants: tuple[Wanted, ...]


class NotTemplates(ValueError):
    """Templates are written one a line, like sms=ID."""


KINDS: dict[str, Kind] = {
    "twilio": Kind(
        "twilio",
        "Twilio",
        ("sms",),
        (
            Wanted("account_sid", "Account SID", "It starts with AC"),
            Wanted("auth_token", "Auth token", is_secret=True),
            Wanted(
                "messaging_service_sid", "Messaging service SID",
                "It starts with MG. Leave it empty to send from one number", is_required=False,
            ),
            Wanted(
                "number", "Number to send from",
                "Like +447700900000. By it we look for texts that did not reach us",
                is_required=False,
            ),
        ),
    ),
    "notify": Kind(
        "notify",
        "GOV.UK Notify",
        MEDIA,
        (
            Wanted("api_key", "API key", "The whole key, with its name", is_secret=True),
            Wanted(
                "templates", "Templates",
                "One a line. sms=ID, email=ID and letter=ID are templates that say ((subject)) and "
                "((body)); received.sms.en-gb=ID says one event in its own words",
                limit=20_000,
            ),
            Wanted(
                "callback_token", "Bearer token of its callbacks",
                "What you enter at Notify beside our addresses for callbacks", is_secret=True,
                is_required=False,
            ),
            Wanted("sms_sender_id", "ID of the text message sender", is_required=False),
            Wanted("email_reply_to_id", "ID of the reply-to address", is_required=False),
            Wanted("postage", "Postage of letters", "second, first or economy",
                   is_required=False),
        ),
    ),
    "smtp": Kind(
        "smtp",
        "E-mail server",
        ("email",),
        (
            Wanted(
                "url", "Address of the server",
                "Like smtp://user:password@mail.example.gov.uk:587. It is kept secret whole",
                is_secret=True,
            ),
            Wanted("from", "Sender", "Like Wychavon District Council <contact@example.gov.uk>"),
        ),
    ),
    "print": Kind("print", "A print room of your own", ("letter",), ()),
    "webhook": Kind(
        "webhook",
        "A system of your own",
        MEDIA,
        (
            Wanted("url", "Address", "It starts with https://"),
            Wanted(
                "secret", "Secret",
                "It starts with whsec_. Write two with a space between them while you change it",
                is_secret=True,
            ),
        ),
    ),
}  # fmt: skip


def read_templates(text: str) -> dict[str, str]:
    """Templates from lines like sms=ID or received.sms.en-gb=ID. Raises NotTemplates."""
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, equals, template = (part.strip() for part in line.partition("="))
        parts = name.split(".")
        medium = parts[0] if len(parts) == 1 else parts[1] if len(parts) == 3 else ""
        if not (equals and template) or medium not in MEDIA:
            raise NotTemplates(f"“{line[:60]}” is not like sms=ID or received.sms.en-gb=ID")
        found[name] = template
    return found


def write_templates(templates: dict[str, str]) -> str:
    """The same as lines."""
    return "\n".join(f"{name}={template}" for name, template in sorted(templates.items()))
