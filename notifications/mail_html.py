"""The page around an e-mail's words. Pure.

Mail readers drop style sheets, classes and scripts, so every style stands in its element and comes
from the few that all of them keep. There are no pictures: the wordmark is text.
"""

from __future__ import annotations

import re
from html import escape

WORDMARK = "Worcestershire Hub"
# Gmail cuts longer ones off.
LARGEST = 100_000

_FONT = "font-family:Helvetica,Arial,sans-serif;"
_INK = "color:#14212b;"
# Said with the ink: a reader in a dark scheme either keeps both or turns both.
_PAPER = "background-color:#ffffff;"
_STYLES = {
    "p": f"margin:0 0 20px 0;{_FONT}font-size:19px;line-height:1.4;{_INK}",
    "h2": f"margin:30px 0 10px 0;{_FONT}font-size:24px;line-height:1.25;font-weight:bold;{_INK}",
    "h3": f"margin:25px 0 10px 0;{_FONT}font-size:19px;line-height:1.25;font-weight:bold;{_INK}",
    "ul": f"margin:0 0 20px 0;padding:0 0 0 24px;{_FONT}font-size:19px;line-height:1.4;{_INK}",
    "ol": f"margin:0 0 20px 0;padding:0 0 0 24px;{_FONT}font-size:19px;line-height:1.4;{_INK}",
    "li": "margin:0 0 6px 0;",
    "a": "color:#1d5fa8;text-decoration:underline;",
    "strong": "font-weight:bold;",
}
_BLOCKS = {"p", "h2", "h3", "li"}
_OPENS = re.compile(r"<(p|h2|h3|ul|ol|li|a|strong)(?=[ >])")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "sd", "ug", "yi"})


def document(words: str, *, subject: str, language: str) -> str:
    """The words, as HTML that `rich` made, on a page of their own."""
    base = language.partition("-")[0].lower()
    direction = "rtl" if base in _RIGHT_TO_LEFT else "ltr"
    tag = "en-GB" if base == "en" else language
    # The frame of an e-mail's words: nothing of what surrounds them carries over.
    return (
        "<!DOCTYPE html>"
        f'<html lang="{escape(tag)}" dir="{direction}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light">'
        f"<title>{escape(subject)}</title></head>"
        f'<body style="margin:0;padding:0;{_PAPER}">'
        f'<div lang="{escape(tag)}" dir="{direction}" '
        f'style="max-width:600px;margin:0 auto;padding:0 20px;{_PAPER}">'
        f'<p style="margin:0 0 30px 0;padding:16px 0 12px 0;border-bottom:4px solid #0b4f55;{_FONT}'
        f'font-size:24px;line-height:1.25;font-weight:bold;{_INK}">{WORDMARK}</p>'
        f"{_OPENS.sub(_styled, words)}"
        "</div></body></html>"
    )


def _styled(tag: re.Match[str]) -> str:
    name = tag[1]
    # What people wrote may run the other way than the words around it.
    direction = ' dir="auto"' if name in _BLOCKS else ""
    return f'<{name}{direction} style="{_STYLES[name]}"'
