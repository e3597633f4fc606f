"""Typed readers of the environment. A wrong value stops the start with its name and the cure."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def text(name: str, *, default: str = "") -> str:
    """The value of `name`, without white space around it; an empty value counts as not set."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    """The value of `name` as yes or no."""
    value = text(name).lower()
    if not value:
        return default
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0.")


def integer(name: str, *, default: int, low: int, high: int) -> int:
    """The value of `name` as a whole number from `low` to `high`."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.") from None
    if not low <= number <= high:
        raise ImproperlyConfigured(f"{name} is {number}. Set it to a number from {low} to {high}.")
    return number


def number(name: str, *, default: float, low: float, high: float) -> float:
    """The value of `name` as a number from `low` to `high`, with a point where it needs one."""
    value = text(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a number.") from None
    if not low <= found <= high:
        raise ImproperlyConfigured(f"{name} is {found}. Set it to a number from {low} to {high}.")
    return found


def seconds(name: str, *, default: int) -> int:
    """The value of `name` as seconds: one at least, ten hours at most."""
    return integer(name, default=default, low=1, high=36_000)


def words(name: str, *, default: str = "") -> list[str]:
    """The value of `name` as a list separated by commas."""
    return [word.strip() for word in text(name, default=default).split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """The value of `name` as a table: `this=that` and so on, separated by commas."""
    found = {}
    for word in words(name):
        key, equals, value = (part.strip() for part in word.partition("="))
        if not (key and equals and value):
            raise ImproperlyConfigured(f"{name} has to be written like this=that,other=more.")
        found[key] = value
    return found


def address(name: str, *, default: str, schemes: tuple[str, ...]) -> str:
    """The value of `name` as an absolute address of one of `schemes`, without a last slash."""
    value = text(name, default=default)
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        wanted = " or ".join(f"{scheme}://…" for scheme in schemes)
        # the value is not repeated: such an address may hold a password
        raise ImproperlyConfigured(f"{name} is not an address that starts with {wanted}.")
    return value.rstrip("/")


def origin(url: str) -> list[str]:
    """The origin of an address as a policy names it, `{s}` for any name; nothing without one."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"] if url else []


def secret(name: str) -> str:
    """The value of `name`, or what the file named by `name`_FILE holds."""
    value, path = text(name), text(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set. Remove one of them.")
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which cannot be read ({error.strerror}). "
            "Give the path of a readable file that holds the secret alone."
        ) from None
