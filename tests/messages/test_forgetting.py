"""What belongs to no case, and what nobody dealt with, goes when its time is over, not before."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

import notifications.actions
from channels import tasks
from channels.sms import spool, spooled
from enquiries.actions import dialogs
from enquiries.queries import text_out
from inbox import actions_mail
from inbox.models import InboundMail
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
PHONE = "+447700900123"
OLD, YOUNG = NOW - timedelta(days=91), NOW - timedelta(days=89)
MINUTE = timedelta(minutes=1)


def _first_text(name: str, *, at: Any) -> None:
    notifications.actions.send(
        key=name, event=text_out.FIRST, medium="sms", to=PHONE, now=at,
        context={"owner": "Wychavon", "written": "Is the gate open now?"},
        about=f"{text_out.ABOUT}{name}",
    )  # fmt: skip


def _answered(key: str, about: str, *, at: Any) -> None:
    notifications.actions.answer(
        key=key, event="sms_help", to=PHONE, context={}, about=about, now=at
    )


def _say_together(key: str, *, of: str) -> None:
    """One that says another message, and its repeat: both name no case."""
    for name in (key, f"{key}-again"):
        _answered(name, "", at=OLD)
    pks = dict(Notification.objects.values_list("key", "pk"))
    Notification.objects.filter(key=of).update(merged_into=pks[key])
    Notification.objects.filter(key__in=(key, f"{key}-again")).update(event="several")
    Notification.objects.filter(key=f"{key}-again").update(instead_of=pks[key])


def test_messages_of_no_case_go_and_those_of_a_case_stay_with_it() -> None:
    _first_text("old", at=OLD)
    _first_text("young", at=YOUNG)
    _first_text("opened", at=OLD)
    notifications.actions.now_about(before=f"{text_out.ABOUT}opened", about="WH7-K3MP-4X")
    _answered("help", "", at=OLD)
    _answered("nothing-came-of-it", dialogs.about("j1"), at=OLD)
    _answered("of-a-case", "WH7-K3MP-4X", at=OLD)
    _say_together("says-a-case", of="of-a-case")
    _answered("kept-told", "", at=OLD)
    _say_together("says-what-is-gone", of="kept-told")
    with time_machine.travel(NOW, tick=False):
        # A batch at a time: who is killed in between has left the rest to the next run.
        before, kinds = NOW - timedelta(days=90), (text_out.ABOUT, "sms:")
        assert notifications.actions.forget_of_no_case(kinds=kinds, before=before, limit=1) == 1
        tasks.forget_texts()
        left = set(Notification.objects.values_list("key", flat=True))
        assert left == {"young", "opened", "of-a-case", "says-a-case", "says-a-case-again"}
        run_outbox()  # what was promised of those that are gone is settled, and alarms nobody
        tasks.forget_texts()
    assert len(left) == Notification.objects.count()


def _mail(number: int, state: str, *, at: Any, reference: str = "") -> InboundMail:
    return InboundMail(
        mailbox="hub@hub.example", digest=str(number), raw=b"From: jo@example.com", size=20,
        door="imap", received_at=at, state=state, settled_at=at, reference=reference,
    )  # fmt: skip


def test_mails_that_nobody_dealt_with_go_and_however_many_came_in_a_day() -> None:
    mails = [_mail(one, "ignored", at=OLD) for one in range(502)]
    mails += [_mail(600, "aside", at=OLD), _mail(601, "aside", at=YOUNG)]
    mails += [_mail(602, "taken", at=OLD, reference="WH7-K3MP-4X")]
    InboundMail.objects.bulk_create(mails)
    assert actions_mail.forget_aside(before=OLD) == 0
    with time_machine.travel(NOW, tick=False):
        tasks.forget_mail()
    left = {row.digest: row.raw for row in InboundMail.objects.all()}
    assert set(left) == {"601", "602"}
    assert left["601"] is not None
    assert left["602"] is None


def test_texts_that_lie_aside_go_and_so_do_halves(settings: Any, tmp_path: Path) -> None:
    settings.SMS_SPOOL_DIR = tmp_path
    for sid, at in (("SMold", OLD), ("SMyoung", YOUNG), ("SMwaits", OLD)):
        path = spool.keep(tmp_path, sid=sid, fields={}, received_at=at, source=spool.FALLBACK)
        os.utime(path, (at.timestamp(), at.timestamp()))
        if sid != "SMwaits":
            spool.set_aside(path)
    for name, at in ((".old.part", NOW - timedelta(days=1) - MINUTE), (".new.part", NOW - MINUTE)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    assert spool.forget(tmp_path, before=OLD, half_before=OLD) == 0
    assert spooled.forget_aside(now=NOW) == 2
    assert spooled.forget_aside(now=NOW) == 0
    kept = {path.name.partition("-")[2] for path in tmp_path.rglob("*.json")}
    assert kept == {"SMyoung-fallback.json", "SMwaits-fallback.json"}
    assert (tmp_path / ".new.part").exists()
