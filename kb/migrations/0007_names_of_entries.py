"""The names of entries have words of their own; entries are written anew with them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NAMES = """
UPDATE kb_entry SET names = ts_filter(document, '{a}')"""

# As kb.search_index writes them.
SLIPS = r"""
UPDATE kb_word SET slips = (SELECT array_agg(DISTINCT rest) FROM (
    SELECT left(word, 7) AS rest
    UNION SELECT overlay(left(word, 7) PLACING '' FROM i FOR 1)
        FROM generate_series(1, least(length(word), 7)) AS i
        WHERE length(word) >= 4
    UNION SELECT overlay(overlay(left(word, 7) PLACING '' FROM i FOR 1)
            PLACING '' FROM j FOR 1)
        FROM generate_series(1, least(length(word), 7)) AS i,
            generate_series(i, least(length(word), 7) - 1) AS j
        WHERE length(word) >= 6) AS dropped)"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("kb", "0006_forms"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="names",
            field=django.contrib.postgres.search.SearchVectorField(null=True),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["names"], name="entry_names"),
        ),
        migrations.AddField(
            model_name="word",
            name="slips",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.RunSQL(SLIPS, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="word",
            index=django.contrib.postgres.indexes.GinIndex(fields=["slips"], name="word_slips"),
        ),
        RemoveIndexConcurrently(
            model_name="word",
            name="word_likeness",
        ),
    ]
