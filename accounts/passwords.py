"""What a new password must not be. Length is what counts; no kind of character is asked for."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.models import Organisation, User

# What people here think of first when they are asked for a password.
_WORDS = (
    "password", "passphrase", "passwort", "welcome", "letmein", "changeme", "secret", "admin",
    "council", "district", "county", "city", "town", "police", "health", "worcestershire", "worcs",
    "worcester", "hub", "service", "services", "desk", "enquiry", "enquiries", "the", "and",
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "spring", "summer", "autumn", "winter", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
# What must be left without such words, and how many different characters of it.
_LEFT, _DIFFERENT = 8, 5


class NotEasilyGuessed:
    """Refuses what is made of our names, seasons and years, of one pattern, or is on the list."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError with what to do instead."""
        rest = password.lower()
        for word in sorted(self._words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = re.sub(r"(19|20)\d\d", "", rest)
        letters = re.sub(r"[\W_]+", "", rest)
        if len(letters) < _LEFT or len(set(letters)) < _DIFFERENT or self._is_common(letters):
            raise ValidationError(
                "That password is too easy to guess. Use four or more words that have nothing to "
                "do with each other, with you or with your work",
                code="password_easily_guessed",
            )

    def get_help_text(self) -> str:
        """What the form says before anybody tries."""
        return "Use words that have nothing to do with each other, with you or with your work."

    def _is_common(self, letters: str) -> bool:
        bare = letters.rstrip("0123456789")
        return bool({letters, bare} & self._common.passwords)

    def _words(self, user: User | None) -> set[str]:
        said = [settings.HUB_NAME, *Organisation.objects.values_list("name", flat=True)]
        if user is not None:
            said += [user.full_name, user.email]
        words = {word for text in said for word in re.findall(r"[a-z]{3,}", text.lower())}
        return words | set(_WORDS)
