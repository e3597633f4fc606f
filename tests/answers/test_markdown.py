"""Whatever is written into an answer, it runs nothing and looks like ours."""

from __future__ import annotations

import re

import pytest

from kb import markdown

ID = "11111111-2222-4333-8444-555555555555"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](https://tracker.example/pixel.png)",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "[[x](javascript:1)](javascript:2)",
    "> - # <b onclick=alert(1)>x</b>",
    "::: warning\n<script>alert(1)</script> [x](javascript:alert(1))\n:::",
    "::: inset\n<img src=x onerror=alert(1)>\n::: warning\n<script>\n:::",
    "| a |\n|---|\n| <script>alert(1)</script> [x](javascript:alert(1)) |",
    "```html\n<script>alert(1)</script>\n```",
    "<!-- <script>alert(1)</script> -->",
    "![x](file:../../../etc/passwd)",
    f'![" onerror="alert(1)](file:{ID})',
    f"[x](file:{ID}?a=javascript:)",
    "\x00<script>\x00alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<http://javascript:alert(1)>",
    "\u202e<script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_left_of_what_was_written(text: str) -> None:
    drawn = markdown.html(text)
    # What stands in a tag; words in between may say what they like.
    tags = re.findall(r"<[^>]*>", drawn)
    for tag in tags:
        name = re.match(r"</?([a-z0-9]+)", tag)
        assert name is not None
        assert name[1] not in ("script", "style", "iframe", "svg", "math", "object", "form")
        assert not re.search(r"""\son\w+\s*=(?=(?:[^"]*"[^"]*")*[^"]*$)""", tag), tag
        for address in re.findall(r'(?:href|src)="([^"]*)"', tag):
            assert address.startswith(("https://", "http://", "/", "mailto:", "tel:")), tag
            assert name[1] != "img" or address == f"/answers/files/{ID}/"
    assert not re.search(r"<script|<style|<iframe", drawn, re.IGNORECASE)


def test_a_writer_cannot_borrow_our_classes_or_the_pages_first_heading() -> None:
    drawn = markdown.html("# One\n\n#### Four\n\n###### Six\n\n<div class='govuk-button'>x</div>")
    assert "<h2>One</h2>" in drawn
    assert "<h4>Four</h4>" in drawn
    assert "<h4>Six</h4>" in drawn
    assert "<div class" not in drawn


def test_boxes_lists_tables_links_and_pictures_are_drawn() -> None:
    drawn = markdown.html(
        "::: warning\nRing **999**.\n:::\n\n::: inset\nSoon.\n\n- a\n:::\n\n"
        f"| a | b |\n|---|---|\n| 1 | 2 |\n\n[out](https://example.org) ![A bin](file:{ID})"
    )
    assert 'class="govuk-warning-text"' in drawn
    assert "<strong>999</strong>" in drawn
    assert 'class="govuk-inset-text"' in drawn
    assert '<th class="govuk-table__header" scope="col">' in drawn
    assert 'href="https://example.org" rel="noopener noreferrer"' in drawn
    assert f'<img src="/answers/files/{ID}/" alt="A bin"' in drawn
    assert f"/desk/answers/files/{ID}/" in markdown.html(
        f"![A bin](file:{ID})", files="/desk/answers/files/"
    )


def test_a_box_that_is_never_closed_ends_with_the_answer() -> None:
    assert markdown.html("::: inset\nSoon.\n\nMore.").endswith("<p>More.</p>\n</div>")
