"""Tells what somebody wrote from what they quote and sign with. Pure; looks at each line once.

Libraries for it were tried: a mail of blank lines kept one busy for half a minute (decision 25).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES, LONGEST_LINE = 20_000, 400
# Programs say what they are at the end.
LAST_LINES = 4
_RULE = re.compile(r"^\s*[-_=*]{2,}\s*(.{0,60}?)\s*[-_=*]{2,}\s*$")
_RULE_WORDS = frozenset(
    {"original message", "forwarded message", "wiadomość oryginalna", "oryginalna wiadomość",
     "wiadomość przesłana dalej", "przekazana wiadomość", "message d'origine",
     "ursprüngliche nachricht", "mensaje original", "mesaj original"}
)  # fmt: skip
_FORWARDS = ("begin forwarded message:", "początek przekazywanej wiadomości:")
_WROTE = re.compile(
    r"(?:^|\s)(?:wrote|writes|napisał(?:a|\(a\))?|pisze|a écrit|schrieb|escribió|a scris)"
    r"(?:\s.{0,60})?\s?:$"
)
_FROM = re.compile(r"^\W{0,3}(?:from|od|de|von|da)\s?:\W{0,3}\s?\S", re.IGNORECASE)
_OTHERS = re.compile(
    r"^\W{0,3}(?:sent|date|to|subject|wysłano|data|do|temat|envoyé|objet|gesendet|an|betreff"
    r"|enviado|para|asunto)\s?:",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"^(?:sent from (?:my |outlook|yahoo|mail for|samsung|the )|get outlook for |wysłane z "
    r"|wysłano z |sent using |sent via )",
    re.IGNORECASE,
)
_SIGNATURE = frozenset({"--", "-- ", "—", "--\u00a0"})


@dataclass(frozen=True, slots=True)
class Split:
    """What they wrote, and what is folded away: quotes and the signature."""

    own: str
    folded: str


def split(text: str) -> Split:
    """A mail in two. Where they wrote nothing above a quote, the quote is what they say."""
    lines = text.split("\n")[:MOST_LINES]
    plain = [line.strip()[:LONGEST_LINE] for line in lines]
    begins, is_whole = _quote_begins(plain)
    own: list[str] = []
    folded: list[str] = []
    is_open = False
    for at, line in enumerate(plain):
        is_quoted = line.startswith(">") or (at >= begins and (is_whole or _is_intro(plain, at)))
        if is_quoted:
            is_open = False  # a signature ends where a quote begins
        elif not is_open and _signs_off(lines[at], line, is_last=begins - at <= LAST_LINES):
            is_open = True
        (folded if is_quoted or is_open else own).append(lines[at])
    said, rest = _block(own), _block(folded)
    if not said:
        return Split(_block([re.sub(r"^(?:>\s?)+", "", line) for line in lines]), "")
    return Split(said, rest)


def _block(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()


def _quote_begins(plain: Sequence[str]) -> tuple[int, bool]:
    """The first line of what is quoted, and whether everything after it is.

    Programs that put ">" before quoted lines let people write below and between them.
    """
    for at, line in enumerate(plain):
        if not line or line.startswith(">"):
            continue
        if _is_rule(line) or line.lower() in _FORWARDS or _is_block(plain, at):
            return at, True
        if _is_intro(plain, at):
            after = next((one for one in plain[_intro_ends(plain, at) + 1 :][:5] if one), "")
            return at, not after.startswith(">")
    return len(plain), False


def _is_rule(line: str) -> bool:
    found = _RULE.match(line)
    return found is not None and found.group(1).lower() in _RULE_WORDS


def _is_block(plain: Sequence[str], at: int) -> bool:
    """The headers of another mail: "From:", and two of its sisters in the next lines."""
    if not _FROM.match(plain[at]):
        return False
    return sum(bool(_OTHERS.match(line)) for line in plain[at + 1 : at + 6]) >= 2


def _intro_ends(plain: Sequence[str], at: int) -> int:
    """The last line of "On Monday … wrote:" that begins here, or -1."""
    whole = ""
    for last in range(at, min(at + 3, len(plain))):
        if not plain[last] or plain[last].startswith(">"):
            break
        whole = f"{whole} {plain[last]}".strip()
        if whole.endswith(":"):
            return last if _WROTE.search(whole) and _has_when(whole) else -1
    return -1


def _has_when(line: str) -> bool:
    """People write "my husband wrote:", programs say when, or whose address it was."""
    return any(char.isdigit() for char in line) or "@" in line


def _is_intro(plain: Sequence[str], at: int) -> bool:
    """Whether a line is one of those that say whose words follow."""
    return any(_intro_ends(plain, first) >= at for first in range(max(0, at - 2), at + 1))


def _signs_off(raw: str, line: str, *, is_last: bool) -> bool:
    """A signature begins: the mark that programs put, or "Sent from my …" among the last words."""
    if raw.rstrip("\r") in _SIGNATURE:
        return True
    return is_last and len(line) <= 80 and _SENT_FROM.match(line) is not None
