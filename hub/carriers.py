"""Which carriers the environment names for each medium, the first choice first. Pure."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ImproperlyConfigured

MEDIA = ("sms", "email", "letter")


def routes(
    usual: Mapping[str, Iterable[str]],
    *,
    own: Mapping[str, str],
    templates: Mapping[str, str],
    notify_first: bool,
) -> dict[str, list[str]]:
    """Routes by medium. `own` says who carries it where that account is set up, "" where not.

    GOV.UK Notify carries the media that its templates name: as the second, unless it is to be the
    first. What is `usual` counts where nobody else carries. Raises ImproperlyConfigured.
    """
    notify = {_medium(name) for name in templates}
    found = {}
    for medium in MEDIA:
        others = [own[medium]] if own.get(medium) else []
        by_notify = ["notify"] if medium in notify else []
        named = [*by_notify, *others] if notify_first else [*others, *by_notify]
        if named or usual.get(medium):
            found[medium] = named or list(usual[medium])
    return found


def _medium(name: str) -> str:
    parts = name.split(".")
    medium = parts[0] if len(parts) == 1 else parts[1] if len(parts) == 3 else ""
    if medium not in MEDIA:
        raise ImproperlyConfigured(
            f"NOTIFY_TEMPLATES names {name}. Write sms, email, letter, or event.medium.language."
        )
    return medium
