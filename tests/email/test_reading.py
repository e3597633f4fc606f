"""T-S23: whatever is called a mail is read within a moment, or said to be unreadable."""

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.asking import replies
from channels.email import html, mime, quoted, senders, trust
from enquiries.lifecycle import Status
from tests.email.letters import picture, write

N = 100_000
# Longer than any takes on a machine that does much else; what hangs takes minutes.
A_MOMENT = 3.0

HOSTILE = {
    "nothing but zeros": b"\0" * N,
    "spaces": b" " * N,
    "headers without end": b"A: b\r\n" * N,
    "a folded header": b"Subject: a" + b"\r\n b" * 20_000 + b"\r\n\r\nx",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n\r\nx",
    "brackets in From": b"From: " + b"<" * 20_000 + b"\r\n\r\nx",
    "quotes in From": b"From: " + b'"' * 20_000 + b"\r\n\r\nx",
    "remarks in From": b"From: " + b"(" * 20_000 + b"\r\n\r\nx",
    "many in To": b"To: " + b"a@b.example," * 10_000 + b"\r\n\r\nx",
    "parameters": b"Content-Type: text/plain" + b";a=b" * 20_000 + b"\r\n\r\nx",
    "broken parameters": b"Content-Type: text/plain; " + b'charset*1="\\";' * 10_000 + b"\r\n\r\nx",
    "names in pieces": b"Content-Disposition: attachment; " + b"filename*0*=a;" * 9_000,
    "a part in a part": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(39)
    ) + b"x\r\n" * N,
    "hundreds of parts in each other": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500)
    ),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "a thousand parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 1_000,
    "no end of a part": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello",
    "a boundary of nothing": b'Content-Type: multipart/mixed; boundary=""\r\n\r\n----\r\nx',
    "printable": b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * N,
    "base64 that is none": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * (N + 1),
    "uuencoded": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n" + b"M" * N,
    "an encoding that costs": b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"a." * N,
    "an encoding that none has": b"Content-Type: text/plain; charset=klingon\r\n\r\nhello \xff",
    "an encoding of bytes": b"Content-Type: text/plain; charset=zlib\r\n\r\nhello",
    "punycode": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * 20_000,
    "a report of nothing": b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n--b--",
    "a report without parts": b"Content-Type: multipart/report\r\n\r\nx",
    "lone surrogates": "Subject: \udc80\udcff\r\n\r\nx".encode("utf-8", "surrogatepass"),
    "html alone": b"Content-Type: text/html\r\n\r\n" + b"<div><a href=" * 20_000,
}  # fmt: skip
LONG_HTML = {
    "opened": "<" * N, "remarks": "<!--" * N, "boxes": "<div>" * N,
    "links": "<a href=http://x>" * N,
    "scripts": "<script>" * N, "attributes": "<a " + "x" * N, "letters": "&" * N, "ends": "</" * N,
    "no end of a style": "<style>" + "</style" * N, "svgs": "<svg><title>" * N,
    "numbers": "&#9999999999;" * 20_000, "quotes": "<blockquote>" * N + "x",
}  # fmt: skip
LONG_TEXT = {
    "blank": "\n" * N, "marks": ">" * N, "quoted": ">\n" * N, "wrote": "On 1 x wrote:\n" * 20_000,
    "from": "From: a\n" * 20_000, "rules": "-- a --\n" * 20_000, "spaces": " " * N,
    "one line": "a1 wrote " * 20_000, "sent": "Sent from my x\n" * 20_000, "stars": "*" * N,
}  # fmt: skip


def _quick(started: float) -> None:
    assert time.monotonic() - started < A_MOMENT


def _all_of(raw: bytes) -> None:
    """What a mail goes through before anything is written."""
    mime.message_id(raw)
    try:
        mail = mime.read(raw)
    except mime.Unreadable:
        return
    words = quoted.split(mail.words)
    senders.who_wrote(mail, own={"hub@hub.example"}, answers_us=True)
    trust.checks(mail.received, "mx.hub.example")
    for status in Status:
        replies.kind_of(words.own, status)
    for text in (mail.subject, mail.sender, mail.sender_name, words.own, words.folded):
        assert "\0" not in text
        text.encode()  # what PostgreSQL is given is text


@pytest.mark.parametrize("about", HOSTILE)
def test_hostile_mails_are_read_or_refused_within_a_moment(about):
    started = time.monotonic()
    _all_of(HOSTILE[about])
    _quick(started)


@pytest.mark.parametrize("about", LONG_HTML)
def test_no_page_keeps_us_busy(about):
    started = time.monotonic()
    html.words_of(LONG_HTML[about])
    _quick(started)


@pytest.mark.parametrize("about", LONG_TEXT)
def test_no_text_keeps_us_busy(about):
    started = time.monotonic()
    quoted.split(LONG_TEXT[about])
    replies.kind_of(LONG_TEXT[about], Status.OPEN)
    _quick(started)


_PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"--b",
        b"message/rfc822", b"text/html", b"text/plain; charset=", b"utf-16", b"\r\n", b"\n\n",
        b"?=", b"=?", b"--b--",
        b"base64", b"Content-Transfer-Encoding: ", b"<jo@example.com>", b"\xff\xfe", b"\0",
        b"multipart/report; boundary=b", b"message/delivery-status", b"Action: failed", b"> ", b":",
        b"Auto-Submitted: auto-replied", b"On 1 Jan x wrote:", b"<p>", b"</", b"filename*=", b'"',
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=timedelta(seconds=2))
@given(st.lists(st.one_of(_PIECES, st.binary(max_size=12)), max_size=60))
def test_whatever_stands_in_a_mail_it_is_read_or_refused(pieces):
    _all_of(b"".join(pieces))


@settings(max_examples=200, deadline=timedelta(seconds=2))
@given(st.text(max_size=2_000))
def test_nothing_that_somebody_wrote_is_lost_between_own_and_folded(text):
    split = quoted.split(text)
    kept = split.own + split.folded
    assert bool(kept.strip("> \n")) == bool(text.strip().strip("> \n\r\t"))
    # whoever wrote something is heard: a case needs words
    assert split.own or not kept


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Done.\n\nOn Mon, 16 Nov 2026 at 10:02, Hub <hub@hub.example> wrote:\n> We", "Done."),
        ("Done.\n\nOn the sixteenth of November 2026 at ten\nat night Hub wrote:\n> W", "Done."),
        ("Yes.\n\n-----Original Message-----\nFrom: Hub\nSent: Monday\nTo: Jo\n\nWe asked", "Yes."),
        ("Yes.\n\nFrom: Hub <a@b.example>\nSent: 16 Nov\nTo: Jo\nSubject: Bin\n\nWe", "Yes."),
        ("Tak.\n\nW dniu 16.11.2026 o 10:02 Hub napisał(a):\n> Mamy", "Tak."),
        ("Tak.\n\nOd: Hub\nWysłano: 16 listopada\nDo: Jo\nTemat: Kosz\n\nMamy", "Tak."),
        ("On 16 Nov Hub <a@b.example> wrote:\n> Which?\n\nLeft.\n\n> And?\nRed.", "Left.\n\nRed."),
        ("> Which gate?\nThe left one.", "The left one."),
        ("The bin.\n\n-- \nJo Bloggs\n07700 900123", "The bin."),
        ("The bin.\n\nSent from my iPhone", "The bin."),
        ("The bin.\n\nSent from my iPhone\n\nOn 16 Nov 2026, 10:02, Hub wrote:\n> We", "The bin."),
        # what looks like it and is not
        ("My husband wrote:\nno", "My husband wrote:\nno"),
        ("From: the corner\nto here it is dark", "From: the corner\nto here it is dark"),
        ("It was sent from my house\nand came", "It was sent from my house\nand came"),
        # who forwards without a word says what stands there
        ("------ Forwarded message ------\nFrom: Sam\nDate: Monday\nTo: Jo\n\nThe lamp", None),
    ],
)  # fmt: skip
def test_what_they_wrote_is_told_from_what_they_quote(text, own):
    split = quoted.split(text)
    if own is None:
        assert "The lamp" in split.own
        assert split.folded == ""
        return
    assert split.own == own


def test_a_page_becomes_lines_with_its_quote_marked():
    page = (
        "<html><head><style>p{color:red}</style></head><body><p>The bin &amp; the <b>lamp</b></p>"
        "<ul><li>one</li><li>two</li></ul><p>See <a href='https://x.example/a'>here</a></p>"
        "<script>alert(1)</script><blockquote><p>We asked</p></blockquote></body></html>"
    )
    words = html.words_of(page)
    assert "The bin & the lamp" in words
    assert "- one\n- two" in words
    assert "here (https://x.example/a)" in words
    assert "> We asked" in words
    assert not {"color", "alert"} & set(words.replace("(", " ").split())


@pytest.mark.parametrize(
    "markup",
    [
        "<html><head><meta charset=utf-8><title>m</title><body><p>My bin</p></body></html>",
        "<html><head><title>m</title><p>My bin</p>",
        "<body><style/><p>My bin</p>", "<svg/><p>My bin</p>", "<title /><p>My bin",
        "<style><p>My bin</p>", "<!-- <p>My bin</p>", "<!--><p>My bin</p>",
        "<style>p{}</stylex></style><p>My bin</p>", "My bin <",
    ],
)  # fmt: skip
def test_no_mark_hides_the_words_behind_it(markup):
    read = html.read(markup)
    assert "My bin" in read.words
    assert "{" not in read.words
    assert read.is_whole


@pytest.mark.parametrize(
    "markup",
    ["<p>My <img src='data:image/png;base64,AAAA'>", "<svg><text>My bin</text></svg>",
     "<a href='https://x.example", f"<p {'x' * html.LONGEST}>My bin</p>"],
)  # fmt: skip
def test_it_is_said_when_a_page_holds_more_than_its_words(markup):
    assert not html.read(markup).is_whole


@pytest.mark.parametrize(
    ("charset", "content", "words"),
    [
        ("utf-8", "Łódź – 5 £".encode(), "Łódź – 5 £"),
        ("iso-8859-2", "Łódź".encode("iso-8859-2"), "Łódź"),
        ("windows-1252", "5 £ – “now”".encode("cp1252"), "5 £ – “now”"),
        ("us-ascii", "5 £".encode(), "5 £"),
        ("klingon", "5 £".encode("cp1252"), "5 £"),
        ("utf-8", "5 £".encode("cp1252"), "5 £"),
    ],
)
def test_letters_are_read_as_they_were_meant(charset, content, words):
    raw = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert mime.read(raw.encode() + content).words == words


def test_words_that_are_cut_within_a_letter_stay_words():
    assert mime.decoded("Łąka".encode()[:-4], "utf-8", is_cut=True) == "Ł"
    much = "ł" * mime.MOST_TEXT_BYTES
    assert set(mime.read(write(much)).words) == {"ł"}
    assert set(mime.read(write("a" + much)).words) == {"a", "ł"}


def test_plain_words_come_before_those_of_a_page():
    mail = mime.read(write("Plain.", html="<p>Page.</p>"))
    assert mail.words == "Plain."


def test_a_page_alone_is_read():
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>My bin<br>again</p>"
    assert mime.read(raw).words == "My bin\nagain"


def test_a_mail_inside_a_mail_is_kept_apart_with_its_files():
    inner = write("The lamp is out.", files=[("lamp.jpg", "image/jpeg", picture())])
    outer = (
        b"Subject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
        b"--o\r\nContent-Type: text/plain\r\n\r\nPlease see.\r\n"
        b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--o--\r\n"
    )
    mail = mime.read(outer)
    assert (mail.words, mail.forwarded) == ("Please see.", "The lamp is out.")
    assert [file.name for file in mail.files] == ["lamp.jpg"]


def test_what_is_sealed_is_said_to_be():
    raw = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIIB"
    assert mime.read(raw).is_sealed


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("Thank you!", Status.RESOLVED, "thanks"),
        ("Thanks so much for sorting that\nJo", Status.OPEN, "thanks"),
        ("Great, thanks. When will it be done?", Status.OPEN, "chase"),
        ("Thank you but it is still there", Status.RESOLVED, "repeat"),
        ("Any news on this?", Status.OPEN, "chase"),
        ("It is number 7, not 9", Status.OPEN, "new_information"),
        ("Number 7", Status.WAITING, "reply_to_us"),
        ("The gate is green", Status.RESOLVED, "new_information"),
        ("It has come back", Status.CLOSED, "new"),
        ("Dziękuję bardzo", Status.RESOLVED, "thanks"),
    ],
)
def test_what_an_answer_is(words, status, kind):
    assert replies.kind_of(words, status) == kind
