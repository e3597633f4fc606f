"""Texts through Twilio. The only module, besides the webhook's check, that knows its client."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifications import callbacks
from notifications.backends import accounts, calling, codes
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear, Word

# Two clocks never agree. One that is minutes fast must not make us send a second text; an older
# one of the same words is known by its id to be another message's.
CLOCK_MARGIN = timedelta(minutes=10)
LOOK_AT = 50

# The client's own logger writes numbers and texts at INFO.
_silent = logging.getLogger("notifications.twilio")
_silent.setLevel(logging.WARNING)


class AddressedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's HTTP client, calling `base` instead of api.twilio.com when one is given."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=calling.TIMEOUT_SECONDS, logger=_silent, max_retries=0)
        self._base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """One call; answers that say "not now" become Later with the wait they ask for."""
        if self._base:
            url = urlunsplit(
                urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
            )
        response = super().request(method, url, *args, **kwargs)
        if response.status_code == 429:
            raise Later(
                "Too many requests",
                code="429",
                after_seconds=calling.wait(response.headers),
                busy=True,
            )
        return response


class TwilioBackend:
    """Sends by a messaging service, or from the hub's own number."""

    name = "twilio"
    outside = True
    looks_up = True

    def __init__(self, account: Account | None = None) -> None:
        account = account or accounts.of_environment("twilio")
        told = account.settings
        service = str(told.get("messaging_service_sid", ""))
        self._sender = (
            {"messaging_service_sid": service} if service else {"from_": told.get("number", "")}
        )
        self._client = Client(
            told.get("account_sid"),
            account.secrets.get("auth_token"),
            http_client=AddressedHttpClient(str(told.get("api_base", ""))),
        )

    def send(self, message: Outgoing) -> Handed:
        """Creates the message. An answer that was lost, and any 5xx, is unclear: it may exist."""
        try:
            created = self._client.messages.create(
                to=message.to,
                body=message.body,
                status_callback=callbacks.address(message.reference),
                **self._sender,
            )
        except (TwilioRestException, TwilioServiceException) as error:
            raise _failure(error) from error
        except requests.RequestException as error:
            raise calling.broken(error, "Twilio") from error
        except (TwilioException, ValueError, KeyError) as error:
            raise Unclear("An answer that could not be read") from error
        return Handed(str(created.sid))

    def find(self, message: Outgoing) -> list[str]:
        """Messages to the same number with the same words since our first attempt, newest first."""
        since = message.tried_at - CLOCK_MARGIN
        try:
            listed = self._client.messages.list(to=message.to, limit=LOOK_AT, page_size=LOOK_AT)
        except (TwilioException, requests.RequestException, ValueError, KeyError) as error:
            raise Later(f"The look-up failed: {type(error).__name__}") from error
        return [
            str(row.sid)
            for row in listed
            if row.body == message.body and _made_since(row.date_created, since)
        ]

    def became(self, provider_id: str) -> Word | None:
        """Its last word on a text. Raises Later."""
        try:
            row = self._client.messages(provider_id).fetch()
            return Word(str(row.status), str(row.error_code or ""))
        except TwilioRestException as error:
            if error.status == 404:
                return None
            raise Later(f"It could not be asked: HTTP {error.status}") from error
        except _UNREADABLE as error:
            raise Later(f"It could not be asked: {type(error).__name__}") from error


# An answer of another shape than Twilio's is a TypeError or an AttributeError of its client.
_UNREADABLE = (
    TwilioException, requests.RequestException, ValueError, KeyError, TypeError, AttributeError,
)  # fmt: skip


def _made_since(made: datetime | None, since: datetime) -> bool:
    return made is None or made >= since


def _failure(error: TwilioRestException | TwilioServiceException) -> Refused | Later | Unclear:
    code = str(error.code or "")
    if error.status >= 500:
        return Unclear(f"HTTP {error.status}", code=code or str(error.status))
    known = codes.meaning("twilio", code)
    if error.status in {401, 403} and known.does == codes.REFUSE and not known.address:
        # Our own account is in trouble, not the message: keep it until somebody has mended that.
        return Later(f"Twilio refused our account (HTTP {error.status})", code=code)
    return known.trouble(code or str(error.status))
