"""What somebody says who writes again about a case: thanks, a question how it goes, or that it is
not right. Pure.
"""
# ruff: noqa: SIM905  a vocabulary is read as words, not as a list of strings

from __future__ import annotations

import re

from enquiries.channels import ItemKind
from enquiries.lifecycle import Status

# Longer words than these say more than thanks.
LONGEST_THANKS = 160
_GRATEFUL = re.compile(
    r"\b(?:thank(?:s|you| you)?|cheers|ta|great|brilliant|lovely|perfect|appreciate[ds]?"
    r"|dziękuj(?:ę|emy)|dzięki)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_POLITE = frozenset(
    "thank thanks thankyou you cheers ta great brilliant lovely perfect wonderful excellent super"
    " so very much many a lot again that's thats that is was all for your the this letting me us"
    " know help helping quick reply response good will do got it and hi hello dear sir madam team"
    " hub council kind best regards warm wishes from to of with i we really appreciate appreciated"
    " it's its ok okay noted now done sorted sorting fixed fixing mended mending update confirming"
    " x dziękuję dziękujemy dzięki bardzo za pomoc pozdrawiam".split()
)
_CHASES = re.compile(
    r"\b(?:any (?:news|update|idea|progress|word)|an? update|update on|chas(?:e|ing)|heard nothing"
    r"|(?:not|n't) (?:yet )?(?:heard|had (?:any|a) (?:reply|response|answer))"
    r"|no (?:news|reply|response)|how (?:long|much longer)|still waiting|waiting (?:for|to hear)"
    r"|what(?:'?s| is) happening|when (?:will|is|are|can)|where (?:is|are))\b",
    re.IGNORECASE,
)
_COMPLAINS = re.compile(
    r"\b(?:still|not|isn'?t|wasn'?t|hasn'?t|haven'?t|didn'?t|don'?t|never|wrong|again|came back"
    r"|come back|missed|worse|nobody|no one|unhappy|disagree|appeal|complain(?:t|ing)?)\b",
    re.IGNORECASE,
)


def is_thanks(words: str) -> bool:
    """Whether somebody only says thank you."""
    plain = words.replace("’", "'").strip()
    if not plain or len(plain) > LONGEST_THANKS or "?" in plain:
        return False
    if not _GRATEFUL.search(plain):
        return False
    # A name below it, a reference: two words that are none of ours do not make a message.
    others = [word for word in _WORD.findall(plain.casefold()) if word not in _POLITE]
    return len(others) <= 2 and not _COMPLAINS.search(plain)


def kind_of(words: str, status: Status) -> ItemKind:
    """What words about a case are, by how it stands. What is about a closed case is a new one."""
    plain = words.replace("’", "'")
    if status is Status.CLOSED:
        return ItemKind.NEW
    if is_thanks(plain):
        return ItemKind.THANKS
    if status is Status.WAITING:
        return ItemKind.REPLY_TO_US
    if status is Status.RESOLVED:
        return ItemKind.REPEAT if _COMPLAINS.search(plain) else ItemKind.NEW_INFORMATION
    return ItemKind.CHASE if _CHASES.search(plain) else ItemKind.NEW_INFORMATION
