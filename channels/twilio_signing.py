"""Whether Twilio signed a request. Pure: the fallback door asks without Django and its database."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit

from twilio.request_validator import HMAC_SHA1, RequestValidator

# Pinned: the header that names an algorithm is the sender's to choose, so it is not read.
ALGORITHM = HMAC_SHA1


def is_right(url: str, parameters: object, given: str, *, tokens: Iterable[str]) -> bool:
    """Whether one of the tokens signed exactly these parameters for this address.

    `parameters` is a mapping; where a name may come twice, one with `getlist`.
    """
    return any(
        hmac.compare_digest(signature.encode(), given.encode())
        for signature in _signatures(url, parameters, tokens)
    )


def sign(url: str, parameters: object, *, token: str) -> str:
    """The signature that Twilio would give."""
    return str(RequestValidator(token).compute_signature(url, parameters, ALGORITHM))


def _signatures(url: str, parameters: object, tokens: Iterable[str]) -> list[str]:
    """The right answers: by each token that is valid now, with and without the port."""
    variants = _with_and_without_port(url)
    return [
        sign(variant, parameters, token=token)
        for token in tokens
        if token  # an empty one would be a signature that anybody can make
        for variant in variants
    ]


def _with_and_without_port(url: str) -> set[str]:
    """Twilio signs now with, now without the port that the scheme implies."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if parts.port in {None, usual}:
        return {
            parts._replace(netloc=host).geturl(),
            parts._replace(netloc=f"{host}:{usual}").geturl(),
        }
    return {url}
