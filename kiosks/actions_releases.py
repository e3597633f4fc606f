"""Releases of the kiosk's face: put down, given to some or all, taken back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from kiosks import queries_releases
from kiosks.building import Built
from kiosks.models import Release, ReleaseFile

# How many are kept, so that one can come back.
KEPT = 5


class ReleaseUnknown(DomainError):
    code = "kiosk_release_unknown"


class ReleaseWithdrawn(DomainError):
    code = "kiosk_release_withdrawn"


@transaction.atomic
def put_down(built: Built, *, now: datetime, note: str = "") -> bool:
    """Keeps a release; whether it is a new one. The same files are the same release.

    The first of all goes to all devices. A later one begins with those that are marked early, and
    goes on by `stage`; in a demonstration, where nobody does so, it goes to all.
    """
    is_first = not Release.objects.exists()
    release, is_new = Release.objects.get_or_create(
        version=built.version,
        defaults={
            "made_at": now,
            "note": note,
            "share": 100 if is_first or settings.HUB_DEMO else 0,
            "early_at": now,
        },
    )
    if not is_new:
        return False
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release, path=part.path, kind=part.kind, digest=part.digest, body=part.body
        )
        for part in built.parts
    )
    _let_go()
    transaction.on_commit(queries_releases.forget)
    return True


@transaction.atomic
def stage(
    *,
    version: str,
    actor: Actor,
    now: datetime,
    share: int | None = None,
    early: bool | None = None,
) -> None:
    """Gives a release to so many per cent of the devices, or (not) to those marked early.

    Raises ReleaseUnknown, ReleaseWithdrawn.
    """
    release = _found(version)
    if release.withdrawn_at is not None:
        raise ReleaseWithdrawn("This release was withdrawn. It does not come back")
    if share is not None:
        release.share = max(0, min(100, share))
    if early is not None:
        release.early_at = (release.early_at or now) if early else None
    release.save(update_fields=["share", "early_at"])
    audit.record(
        "kiosk.release_staged",
        actor=actor,
        target=f"kiosk_release:{version}",
        at=now,
        data={"share": release.share, "early": release.early_at is not None},
    )
    transaction.on_commit(queries_releases.forget)


@transaction.atomic
def withdraw(*, version: str, actor: Actor, now: datetime) -> None:
    """Takes a release back: devices go back to the newest that is left to them.

    Raises ReleaseUnknown.
    """
    release = _found(version)
    if release.withdrawn_at is None:
        release.withdrawn_at = now
        release.save(update_fields=["withdrawn_at"])
        audit.record(
            "kiosk.release_withdrawn", actor=actor, target=f"kiosk_release:{version}", at=now
        )
    transaction.on_commit(queries_releases.forget)


def _found(version: str) -> Release:
    release = Release.objects.select_for_update().filter(version=version).first()
    if release is None:
        raise ReleaseUnknown("There is no such release of the kiosk's pages")
    return release


def _let_go() -> None:
    """Only the last few stay, and the newest that all devices have."""
    stay = list(Release.objects.values_list("pk", flat=True)[:KEPT])
    for_all = Release.objects.filter(withdrawn_at=None, share=100).first()
    if for_all is not None:
        stay.append(for_all.pk)
    Release.objects.exclude(pk__in=stay).delete()
