"""What must be readable again, and by nobody else: sealed with a key that is not in the database.

The newest key seals and every key opens, so a key is changed by putting a new one in front.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """What was sealed does not open: another key was in use then, or it was tampered with."""


def seal(text: str, *, purpose: str) -> str:
    """The text, unreadable without the key; opens only for the purpose it was sealed for."""
    return _box(tuple(settings.SEALING_KEYS), purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> str:
    """What was sealed for this purpose. Raises SealBroken."""
    try:
        return _box(tuple(settings.SEALING_KEYS), purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken(purpose) from None


@lru_cache(maxsize=32)
def _box(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    whole = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"hub:sealing:{purpose}".encode())
    return base64.urlsafe_b64encode(whole.derive(key.encode()))
