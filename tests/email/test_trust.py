"""T-S13: nobody gains anything by what they write into a mail, but by a token of ours."""

import uuid

import pytest
from django.utils import timezone

from channels.email import trust
from enquiries.inbound import Sender
from enquiries.models import ContactItem, Enquiry, Holding
from notifications import threads
from notifications.models import Notification
from tests.email.letters import address_of, hand_in, ours, write
from tests.outbox import run_outbox
from tests.world import ask

OURS = "mx.hub.example"
PASS = (
    f"{OURS}; spf=pass smtp.mailfrom=a@example.com;"
    " dkim=pass (2048-bit (rsa)) header.d=example.com; dmarc=pass"
)
FAIL = f"{OURS}; spf=fail; dmarc=fail (p=reject) header.from=example.com"


@pytest.fixture
def case(clock, world) -> Enquiry:
    """Jo's, with a confirmation that went to Jo."""
    jo = Sender(name="Jo Bloggs", email="jo@example.com")
    received = ask(sender=jo, tell_by="email", at=timezone.now())
    run_outbox()
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


def _said_of(case: Enquiry) -> int:
    return ContactItem.objects.filter(enquiry=case).count()


@pytest.mark.django_db
def test_from_alone_ties_a_mail_to_nothing(case):
    mail = hand_in(write("Close it now.", subject="My enquiry"))
    assert mail.reference != case.reference
    assert _said_of(case) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [
        "X-Hub-Reference", "X-Hub-Case", "X-Hub-Agent", "X-HUB-Token", "X-Hub-Organisation",
        "x-hub-trusted",
    ],
)  # fmt: skip
def test_headers_that_are_named_like_ours_are_dropped(case, header):
    mail = hand_in(write("Close it.", headers={header: case.reference}, sender="eve@evil.example"))
    assert mail.reference != case.reference
    assert _said_of(case) == 1


@pytest.mark.django_db
def test_a_token_that_was_made_up_is_none(case):
    message = ours()
    right = threads.token(str(message.public_id))
    other = threads.token(str(uuid.uuid4()))
    forged = [
        right[:-1] + ("a" if right[-1] != "a" else "b"),
        right[:32] + other[32:],
        right[:32],
        right[:32] + "a" * 20,
        other,
    ]
    for number, token in enumerate(forged):
        to = f"reply+{token}@hub.example"
        headers = {"References": f"<{token}@hub.example>", "In-Reply-To": f"<{token}@hub.example>"}
        mail = hand_in(write(f"Forged {number}", to=to, headers=headers, sender="e@evil.example"))
        assert mail.reference != case.reference
    assert _said_of(case) == 1


@pytest.mark.django_db
def test_the_id_of_a_message_without_its_proof_is_no_token(case):
    plain = str(ours().public_id)
    mail = hand_in(
        write("Hello", headers={"References": f"<{plain}@hub.example>"}, sender="e@evil.example")
    )
    assert mail.reference != case.reference


@pytest.mark.django_db
def test_a_token_counts_under_a_key_that_is_rotated_out(case, settings):
    address = address_of(ours())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of more than forty characters, all of them new"
    assert hand_in(write("More.", to=address)).reference == case.reference
    settings.SECRET_KEY_FALLBACKS = []
    assert hand_in(write("More still.", to=address)).reference != case.reference


@pytest.mark.django_db
def test_a_token_that_a_program_wrote_in_large_letters_counts(case):
    assert hand_in(write("More.", to=address_of(ours()).upper())).reference == case.reference


@pytest.mark.django_db
def test_a_link_for_others_lets_nobody_speak_for_the_citizen(case):
    message = ours()
    Notification.objects.filter(pk=message.pk).update(event="kept_told")
    mail = hand_in(write("Cancel it.", to=address_of(message), sender="friend@example.org"))
    assert mail.reference != case.reference


@pytest.mark.django_db
def test_a_mail_that_its_domain_disowns_is_looked_at_first_and_told_nothing(case):
    before = Notification.objects.count()
    mail = hand_in(
        write(
            "Cancel it.",
            subject=f"About {case.reference}",
            top=[("Authentication-Results", FAIL)],
        )
    )
    assert mail.checks == {"spf": "fail", "dmarc": "fail"}
    assert mail.reference != case.reference
    held = Holding.objects.get(enquiry__reference=mail.reference)
    assert held.reasons == ["sender_disowned"]
    assert list(Notification.objects.values_list("event", flat=True))[before:] == []


@pytest.mark.django_db
def test_what_our_server_found_out_is_kept_for_staff(clock):
    assert hand_in(write(top=[("Authentication-Results", PASS)])).checks == {
        "spf": "pass", "dkim": "pass", "dmarc": "pass",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("authentication-results", PASS)], {"spf": "pass", "dkim": "pass", "dmarc": "pass"}),
        # another server's word, or a name that only begins like ours
        ([("authentication-results", PASS.replace(OURS, "mx.evil.example"))], {}),
        ([("authentication-results", PASS.replace(OURS, OURS + ".evil.example"))], {}),
        # what stands below was in the mail when our server took it
        (
            [
                ("authentication-results", FAIL),
                ("received", "from outside"),
                ("authentication-results", PASS),
            ],
            {"spf": "fail", "dmarc": "fail"},
        ),
        # ours wrote nothing: a sender's own word counts only where it speaks against them
        ([("received", "from outside by mx.hub.example"), ("authentication-results", PASS)], {}),
        (
            [("received", "from outside"), ("authentication-results", FAIL)],
            {"dmarc": "fail"},
        ),
        ([("authentication-results", f"{OURS}; none")], {}),
        ([("authentication-results", f"{OURS} 1; dmarc=pass (dmarc=fail)")], {"dmarc": "pass"}),
        (
            [("authentication-results", f"{OURS}; (dmarc=pass; spf=fail) dkim=none")],
            {"dkim": "none"},
        ),
        ([("authentication-results", "")], {}),
        ([("authentication-results", f"{OURS}; " + "(" * 1_900)], {}),
    ],
)  # fmt: skip
def test_only_the_word_of_our_own_server_counts(rows, found):
    assert trust.checks(rows, OURS) == found


def test_results_below_the_lines_of_our_own_servers_count_and_none_further_down():
    rows = [("received", "by LMTP"), ("authentication-results", PASS), ("received", "from outside")]
    assert trust.checks(rows, OURS) == {}
    assert trust.checks(rows, OURS, hops=1)["dmarc"] == "pass"
    spoofed = [rows[0], rows[2], ("authentication-results", PASS)]
    assert trust.checks(spoofed, OURS, hops=1) == {}


@pytest.mark.django_db
def test_a_sender_cannot_say_of_themselves_that_they_were_checked(clock, settings):
    above = [("Received", "from evil by mx.hub.example")]
    raw = write(top=above, headers={"Authentication-Results": PASS}, message_id="<1@evil.example>")
    assert hand_in(raw).checks == {}
    settings.MAIL_RECEIVED_HOPS = 1
    local = [("Received", "by mx.hub.example with LMTP"), ("Authentication-Results", PASS), *above]
    assert hand_in(write(top=local)).checks["dmarc"] == "pass"


def test_where_no_server_is_named_nobodys_word_counts():
    assert trust.checks([("authentication-results", "; dmarc=pass")], "") == {}
