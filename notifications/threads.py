"""What an e-mail of ours is known by when somebody answers it. Pure but for settings.

Every mail has a token that nobody can make up: it stands in its Message-ID, which programs repeat
in References and In-Reply-To, and in the address of Reply-To. Who sends it back has read that
mail, whatever name the answer bears (`From` proves nothing).
"""

from __future__ import annotations

import base64
import hmac
import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "notifications.threads"
PROOF = 20
# RFC 5321: the part before the @ has 64 characters at most. 32 are our id of the message.
LONGEST_NAME = 64 - 32 - PROOF - 1
_TOKEN = re.compile(rf"(?<![0-9a-z])([0-9a-f]{{32}})([a-z2-7]{{{PROOF}}})(?![0-9a-z])")
# Of so many addresses and ids a header may be made; nobody has more, and each costs a little.
MOST = 50


def token(reference: str) -> str:
    """Our id of a message with its proof, in small letters: mail programs may change large ones."""
    plain = _plain(reference)
    return plain + _proof(plain, settings.SECRET_KEY)


def ours_in(text: str) -> list[str]:
    """The ids (as 32 hex digits) of messages of ours whose token stands in a header, each once.

    What only looks like a token of ours is none. Also under a key that is being rotated out.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = _TOKEN.findall(text.lower())[-MOST:]
    return list(
        dict.fromkeys(
            plain
            for plain, proof in found
            if any(hmac.compare_digest(_proof(plain, key).encode(), proof.encode()) for key in keys)
        )
    )


def message_id(reference: str) -> str:
    """The Message-ID of one message, the same at every attempt, so that readers fold repeats."""
    return f"<{token(reference)}@{_domain()}>"


def reply_to(reference: str) -> str:
    """Where an answer to a message goes; "" where no mailbox is read, so that `From` is taken."""
    name, _, domain = settings.HUB_MAIL_ADDRESS.rpartition("@")
    return f"{name}+{token(reference)}@{domain}" if name else ""


def case_id(about: str) -> str:
    """An id that all mails about a case refer to, so that readers show them as one thread."""
    digest = salted_hmac(f"{SALT}.case", about, algorithm="sha256").hexdigest()[:32]
    return f"<case.{digest}@{_domain()}>"


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _plain(reference: str) -> str:
    return reference.replace("-", "").lower()


def _proof(plain: str, key: str) -> str:
    digest = salted_hmac(SALT, plain, secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii").lower()[:PROOF]
