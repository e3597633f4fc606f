"""Names are found as somebody else spells them: Łukasz as Lukasz, O'Brien as O Brien.

What the indexes of names hold is written anew without holding anybody up.
"""

from django.db import migrations

FOLDED = """
CREATE OR REPLACE FUNCTION customers_words(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN (SELECT string_to_array(folded, ' ')
               || ARRAY(SELECT part[1] || part[2]
                        FROM regexp_matches(folded, '\\m(o|mc|mac) ([^ ]+)', 'g') AS part)
        FROM (SELECT btrim(regexp_replace(
            replace(replace(replace(replace(
                translate(normalize(lower(said), NFKD), 'łŁøØđĐðÐıħŧ', 'llooddddiht'),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            '[\u0300-\u036f''\u2019`]', '', 'g')) AS bare) AS first,
        LATERAL (SELECT btrim(regexp_replace(bare, '[[:space:][:punct:]]+', ' ', 'g'))
                 AS folded) AS second);
"""
BEFORE = """
CREATE OR REPLACE FUNCTION customers_words(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN string_to_array(btrim(regexp_replace(regexp_replace(
    normalize(lower(said), NFKD), '[\u0300-\u036f''\u2019`]', '', 'g'),
    '[[:space:][:punct:]]+', ' ', 'g')), ' ');
"""
INDEXES = ("person_words", "person_sounds", "given_name_words", "given_name_sounds")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0007_found_by_index")]

    operations = [
        migrations.RunSQL(FOLDED, BEFORE),
        # A million names take longer than a statement of a page may.
        migrations.RunSQL("SET statement_timeout = 0", migrations.RunSQL.noop),
        *(
            migrations.RunSQL(f"REINDEX INDEX CONCURRENTLY {name}", migrations.RunSQL.noop)
            for name in INDEXES
        ),
        migrations.RunSQL("RESET statement_timeout", migrations.RunSQL.noop),
    ]
