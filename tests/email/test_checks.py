"""A mailbox that is half set up stops the start, with the cure."""

import pytest

from channels.email import imap
from channels.email.checks import mailbox_is_whole
from hub.periodic import JOBS

WHOLE = {
    "HUB_MAIL_ADDRESS": "reply@hub.example",
    "IMAP_URL": "imaps://reply:word@mail.example/INBOX",
    "MAIL_WEBHOOK_SECRETS": [],
    "MAIL_AUTHSERV_ID": "mx.hub.example",
}


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({}, []),
        ({"IMAP_URL": "", "HUB_MAIL_ADDRESS": ""}, []),
        ({"HUB_MAIL_ADDRESS": ""}, ["channels.E020"]),
        ({"HUB_MAIL_ADDRESS": "reply"}, ["channels.E020"]),
        ({"HUB_MAIL_ADDRESS": "enquiries-and-reports@hub.example"}, ["channels.E020"]),
        ({"IMAP_URL": "imaps://mail.example/INBOX"}, ["channels.E021"]),
        ({"IMAP_URL": "imaps://reply@mail.example/INBOX"}, ["channels.E021"]),
        ({"MAIL_WEBHOOK_SECRETS": ["whsec_short"]}, ["channels.E022"]),
        ({"MAIL_WEBHOOK_SECRETS": ["whsec_!!!"]}, ["channels.E022"]),
        ({"MAIL_AUTHSERV_ID": ""}, ["channels.W020"]),
    ],
)
def test_what_is_missing_is_said_at_the_start(settings, changed, ids):
    for name, value in {**WHOLE, **changed}.items():
        setattr(settings, name, value)
    assert [found.id for found in mailbox_is_whole(None)] == ids


def test_a_password_may_stand_in_a_file_of_its_own(settings):
    settings.IMAP_PASSWORD = "from a file"
    found = imap.place("imaps://reply%40hub@mail.example:9993/Post%20in")
    assert (found.user, found.password, found.folder, found.port) == (
        "reply@hub", "from a file", "Post in", 9993,
    )  # fmt: skip
    assert found.is_tls


def test_the_mailbox_is_looked_into_every_minute():
    job = next(job for job in JOBS if job.name == "channels.tasks.poll_mail")
    assert job.every.total_seconds() == 60


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("imap://reply:word@mail.example/INBOX", False),
        ("imap://reply:word@127.0.0.1/INBOX", True),
        ("imap://reply:word@mail/INBOX?starttls=0", True),
    ],
)
def test_a_password_goes_unencrypted_only_where_that_was_said(url, may):
    assert imap.place(url).may_be_plain is may
