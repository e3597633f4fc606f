"""The address at which a provider tells us what became of one message. Pure but for settings."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "notifications.callbacks"
# News that did not reach us is told again (not part of the address that is signed).
TELL_AGAIN = "#rc=5&rp=all"


def token(reference: str) -> str:
    """Proof that an address was made by us: it names one message and no other."""
    return salted_hmac(SALT, reference, algorithm="sha256").hexdigest()[:32]


def is_ours(reference: str, given: str) -> bool:
    """Whether `given` is the token of this message, also under a key being rotated out."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        hmac.compare_digest(
            salted_hmac(SALT, reference, secret=key, algorithm="sha256").hexdigest()[:32].encode(),
            given.encode(),
        )
        for key in keys
    )


def address(reference: str) -> str:
    """Where the status of a message is to be reported, with our id of it and the proof."""
    proof = f"message={reference}&proof={token(reference)}"
    return f"{settings.HUB_BASE_URL}/channels/sms/status?{proof}{TELL_AGAIN}"
