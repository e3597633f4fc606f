"""What mail servers say in words of their own (qmail, Exim) about a mail that did not arrive. Pure.

Nothing of it is believed by itself: whoever acts on it looks for a token of ours in what came back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

DAEMON, POSTMASTER = "mailer-daemon", "postmaster"
# What stands further down is the mail that came back, with words that are not the server's.
LONGEST = 4_000
# RFC 3463, and the answer of a server that knows no such codes; no date and no address is one.
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_REFUSED = re.compile(r"(?<![\d.,])55[0-4](?=[ -])")
NO_CODE = "5.0.0"
_FAILED = re.compile(
    r"undeliver|mail delivery (?:failed|failure|subsystem)|delivery status notification"
    r"|returned mail\b|failure notice\b|delivery failure\b",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"warning\b|.{0,200}\bdelayed\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says became of a mail of ours (RFC 3464); `returned` are its headers."""

    action: str
    status: str
    recipient: str
    words: str
    returned: str


def is_server(sender: str) -> bool:
    """Whether a mail server writes under this name."""
    return sender.partition("@")[0].lower() in (DAEMON, POSTMASTER)


def has_no_sender(headers: Mapping[str, str]) -> bool:
    """Whether it came from nobody that could be answered (RFC 5321): reports do."""
    return headers.get("return-path", "-").strip() == "<>"


def is_said_to_fail(headers: Mapping[str, str], subject: str) -> bool:
    """Whether a mail is called a report of one that did not arrive."""
    return "x-failed-recipients" in headers or bool(_FAILED.match(subject))


def in_words(
    sender: str, headers: Mapping[str, str], subject: str, words: str, carried: str
) -> Report | None:
    """What a server says that writes no RFC 3464; None where none says anything certain.

    `carried` are the ids of mails that came inside. A delay is none of a failure.
    """
    named = headers.get("x-failed-recipients", "").partition(",")[0].strip().lower()
    is_nobody = has_no_sender(headers) and is_said_to_fail(headers, subject)
    if not (named or is_server(sender) or is_nobody):
        return None
    own = words[:LONGEST]
    found = _STATUS.search(own) or _REFUSED.search(own)
    code = found[0] if found else ""
    is_delayed = code.startswith("4.") or bool(_DELAYED.match(subject))
    if not (named or found):
        return None
    is_failed = bool(named) or not is_delayed
    return Report(
        action="failed" if is_failed else "delayed",
        status=code if code.startswith("5.") or not is_failed else NO_CODE,
        recipient=(named or _recipient(own))[:254],
        words=_line_of(own, found.start()) if found else "",
        returned=f"{carried}\n{words}",
    )


def _recipient(words: str) -> str:
    """The first address that is none of a server's."""
    found = (one.lower() for one in _ADDRESS.findall(words))
    return next((one for one in found if not is_server(one)), "")


def _line_of(words: str, at: int) -> str:
    line = words[words.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    return " ".join(line.split())[:200]
