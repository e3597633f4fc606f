"""A document as a tagged PDF (PDF/UA-1), by typst. What it says is data there, never markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).resolve().parent / "letters" / "fonts"
# A sign that no typeface has is looked for by trying. So often it is taken alone, as often again
# with its neighbours; then all go that are no Latin letters and no common signs.
TRIES = 20
STAND_IN = "\u25a1"
_COMMON = ((0, 0x250), (0x2000, 0x2070), (0x20A0, 0x20C0), (ord(STAND_IN), ord(STAND_IN) + 1))
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
# Signs that direct or join others and show nothing by themselves.
_INVISIBLE = dict.fromkeys(
    [*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFEFF, 0x200B, 0x2028, 0x2029, 0xFFFE, 0xFFFF]
)


class CannotPrint(ValueError):
    """It cannot be put on paper as it is."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A document on paper, as PDF."""

    pdf: bytes
    pages: int


def document(template: Path, told: Mapping[str, Any], *, at: datetime) -> Printed:
    """A template of typst with its data, which it reads under its own name from `sys.inputs`.

    `at` is when the document says that it was made. A sign that no typeface has is printed as its
    name, or as an empty box: a letter is the last way to somebody. Raises CannotPrint.
    """
    text = json.dumps(told, ensure_ascii=False)
    stamp = int(at.timestamp())
    for tried in range(2 * TRIES + 3):
        try:
            # Names in other scripts: with all typefaces that the machine has.
            pdf = _compiled(template, text, stamp, everything=tried > 0)
        except typst.TypstError as error:
            unshown = _UNSHOWN.search(str(error))
            if unshown is None:
                raise CannotPrint(str(error)) from error
            if tried:
                text = _without(text, _sign(unshown[1]), tried)
        else:
            return Printed(pdf, len(_PAGE.findall(pdf)))
    raise CannotPrint("No typeface here has its signs")


def _without(told: str, unshown: str, tried: int) -> str:
    """A letter without signs that cannot be shown: the more of them go, the longer it takes."""
    gone, rare = set(unshown), {one for one in told if not _is_common(one)}
    if tried > 2 * TRIES:
        gone |= rare
    elif tried > TRIES:
        gone |= {one for one in rare if ord(one) >> 8 in {ord(sign) >> 8 for sign in unshown}}
    signs = "".join(map(re.escape, gone))
    changing = "".join(re.escape(one) for one in set(told) if _only_changes(one)) or "\uffff"
    return re.sub(f"([{signs}])([{changing}]*)", lambda one: _stand_in(one[1], one[2]), told)


def _stand_in(sign: str, changed_by: str) -> str:
    """A sign in words: pictures have names that people know, letters of other scripts do not."""
    if sign.isascii() or (changed_by and _is_common(sign)):
        return sign  # it is what follows that nothing can show
    name = unicodedata.name(sign, "").lower()
    if _only_changes(sign):
        return ""
    if name.startswith("regional indicator symbol letter "):
        return name[-1].upper()  # two of them are a flag
    return f"[{name}]" if name and unicodedata.category(sign)[0] == "S" else STAND_IN


def _is_common(sign: str) -> bool:
    return any(low <= ord(sign) < end for low, end in _COMMON)


def _only_changes(sign: str) -> bool:
    """Whether a sign only changes or joins the one before it, as the colour of a skin does."""
    kind = unicodedata.category(sign)
    return not sign.isascii() and (kind[0] == "M" or kind in ("Cf", "Sk"))


def _compiled(template: Path, told: str, stamp: int, *, everything: bool) -> bytes:
    found: bytes = typst.compile(
        str(template),
        format="pdf",
        sys_inputs={template.stem: told},
        pdf_standards=["ua-1"],
        font_paths=[str(FONTS)],
        ignore_system_fonts=not everything,
        timestamp=stamp,
    )
    return found


def _sign(text: str) -> str:
    """A sign as typst names it: some by their number alone."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda one: chr(int(one[1], 16)), text)


def clean(text: str) -> str:
    """Words without signs that direct or join others and show nothing by themselves."""
    return text.translate(_INVISIBLE)
