"""The words of first triage as the database has them, made ready once for each state of them."""

from __future__ import annotations

import re
from functools import lru_cache

from django.db import connection

from kb.triage import NOT_SERVICES, Lexicon, Subject

# Everything that the lexicon is made of, in one reading: services with the translations of what
# people call them, their answers, and the words of triage.
_ALL = """
SELECT s.slug, s.name, s.name || ',' || s.synonyms,
    coalesce((SELECT string_agg(c.text, ',' ORDER BY c.id) FROM kb_contentwords AS c
        WHERE c.key IN (encode(sha256(convert_to(s.name, 'UTF8')), 'hex'),
            encode(sha256(convert_to(s.name || ': what people call it', 'UTF8')), 'hex'))), ''),
    coalesce(cue.says, ''), coalesce(cue.points, ''),
    concat_ws(' ', s.summary, s.label, s.prompt,
        (SELECT string_agg(a.title || ' ' || a.summary || ' ' || a.short, ' ' ORDER BY a.id)
         FROM kb_article AS a WHERE a.service_id = s.id AND a.is_published))
FROM kb_service AS s LEFT JOIN kb_cue AS cue ON cue.subject = s.slug WHERE s.is_active
UNION ALL
SELECT cue.subject, '', '', '', cue.says, cue.points, '' FROM kb_cue AS cue
WHERE cue.subject = ANY(%s) ORDER BY 1"""
_PARTS = re.compile(r"[,;\n]+")


def lexicon() -> Lexicon:
    """What is known of the live services, as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [sorted(NOT_SERVICES)])
        return _made(tuple(cursor.fetchall()))


@lru_cache(maxsize=2)
def _made(rows: tuple[tuple[str, ...], ...]) -> Lexicon:
    return Lexicon(
        Subject(
            slug,
            name,
            says=_parts(says),
            called=_parts(f"{called},{translated}"),
            points=_parts(points),
            told=told,
        )
        for slug, name, called, translated, says, points, told in rows
    )


def _parts(words: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _PARTS.split(words) if one.strip())
