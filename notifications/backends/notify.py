"""GOV.UK Notify: texts, e-mail and letters. The only module that knows its client.

The words live there. An event has a template of its own, which gets the facts, or each medium has
one that only says ((subject)) and ((body)), which gets our words.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from typing import Any

import requests
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from notifications.backends import accounts, calling, codes
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear, Word
from notifications.events import EVENTS

WHOSE = "GOV.UK Notify"
BASE = "https://api.notifications.service.gov.uk"
ADDRESS_LINES = 7

# The client's own logger repeats what was refused, addresses included.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class NotifyBackend:
    """Sends with our id as the reference, by which everything can be asked for later."""

    name = "notify"
    outside = True
    looks_up = True

    def __init__(self, account: Account | None = None) -> None:
        account = account or accounts.of_environment("notify")
        told = account.settings
        self._templates: dict[str, str] = dict(told.get("templates") or {})
        self._sms_sender = str(told.get("sms_sender_id", "")) or None
        self._reply_to = str(told.get("email_reply_to_id", "")) or None
        self._postage = str(told.get("postage", "")) or None
        # The library has no types.
        make: Any = NotificationsAPIClient
        self._client = make(
            account.secrets["api_key"],
            base_url=str(told.get("base_url", "")) or BASE,
            timeout=calling.TIMEOUT_SECONDS,
        )
        # The key goes to the address that settings name and nowhere else.
        self._client.request_session.max_redirects = 0

    def send(self, message: Outgoing) -> Handed:
        """Creates the notification. An answer that was lost, and any 5xx, is unclear."""
        call = {"sms": self._sms, "email": self._email, "letter": self._letter}[message.medium]
        try:
            created = call(message)
            return Handed(str(created["id"]))
        except HTTPError as error:
            raise _failure(error) from error
        except (APIError, TypeError, KeyError) as error:
            raise Unclear("An answer that could not be read", code="unreadable") from error

    def find(self, message: Outgoing) -> list[str]:
        """By our reference, newest first."""
        try:
            listed = self._client.get_all_notifications(reference=message.reference)
            return [str(row["id"]) for row in listed["notifications"]]
        except (APIError, TypeError, KeyError) as error:
            raise Later(f"The look-up failed: {type(error).__name__}", code="look_up") from error

    def became(self, provider_id: str) -> Word | None:
        """Its last word on a notification. Raises Later."""
        try:
            return Word(str(self._client.get_notification_by_id(provider_id)["status"]))
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise Later(f"It could not be asked: HTTP {error.status_code}") from error
        except (APIError, TypeError, KeyError) as error:
            raise Later(f"It could not be asked: {type(error).__name__}") from error

    def _sms(self, message: Outgoing) -> Any:
        template, own = self._template(message)
        return self._client.send_sms_notification(
            message.to,
            template,
            personalisation=dict(message.facts) if own else {"body": message.body},
            reference=message.reference,
            sms_sender_id=self._sms_sender,
        )

    def _email(self, message: Outgoing) -> Any:
        template, own = self._template(message)
        event = EVENTS.get(message.event)
        # What a person wrote shall not become a heading or hide a link in a mail of ours.
        by_people = sorted(event.words & message.facts.keys()) if own and event else []
        return self._client.send_email_notification(
            message.to,
            template,
            personalisation=dict(message.facts) if own else _words(message),
            reference=message.reference,
            email_reply_to_id=self._reply_to,
            sanitise_content_for=by_people or None,
        )

    def _letter(self, message: Outgoing) -> Any:
        if message.pdf and not self._own(message):
            return self._client.send_precompiled_letter_notification(
                message.reference, io.BytesIO(message.pdf), postage=self._postage
            )
        template, own = self._template(message)
        facts = dict(message.facts) if own else _words(message)
        return self._client.send_letter_notification(
            template,
            personalisation={**facts, **_address(message.postal)},
            reference=message.reference,
        )

    def _own(self, message: Outgoing) -> str:
        return self._templates.get(f"{message.event}.{message.medium}.{message.language}", "")

    def _template(self, message: Outgoing) -> tuple[str, bool]:
        """The template's id, and whether it is the event's own. Raises Later: others may know."""
        if own := self._own(message):
            return own, True
        if whole := self._templates.get(message.medium):
            return whole, False
        raise Later(
            f"{WHOSE} has no template for {message.event} by {message.medium}",
            code="no_template",
            # A gap in a table is no illness.
            busy=True,
        )


def _words(message: Outgoing) -> dict[str, str]:
    # In Notify's Markdown this pair makes a link whose words hide where it leads.
    return {"subject": message.subject, "body": message.body.replace("](", "] (")}


def _address(postal: str) -> dict[str, str]:
    """The lines as Notify wants them: seven at most, the postcode last."""
    lines = [line.strip() for line in postal.splitlines() if line.strip()]
    if len(lines) > ADDRESS_LINES:
        middle = ", ".join(lines[ADDRESS_LINES - 2 : -1])
        lines = [*lines[: ADDRESS_LINES - 2], middle, lines[-1]]
    return {f"address_line_{n}": line for n, line in enumerate(lines, start=1)}


def _failure(error: HTTPError) -> Refused | Later | Unclear:
    cause = error.__cause__
    if error.response is None:
        if isinstance(cause, requests.RequestException):
            return calling.broken(cause, WHOSE)
        return Unclear("The answer was lost", code="lost")
    status = error.status_code
    if status >= 500:
        return Unclear(f"HTTP {status}", code=str(status))
    if status < 400:
        return Later(f"{WHOSE} answers from another address (HTTP {status})", code=str(status))
    kind, said = _said(error.message)
    code = f"{status} {kind}".strip()
    known = codes.meaning("notify", code, str(status), said=said)
    return known.trouble(code, after_seconds=calling.wait(_headers(error)))


def _headers(error: HTTPError) -> Mapping[str, str]:
    return error.response.headers if error.response is not None else {}


def _said(message: Any) -> tuple[str, str]:
    """The first error's type and all their words, whatever shape they came in."""
    errors = [row for row in message if isinstance(row, dict)] if isinstance(message, list) else []
    kind = str(errors[0].get("error", "")) if errors else ""
    return kind[:40], " ".join(str(row.get("message", "")) for row in errors)[:1000]
