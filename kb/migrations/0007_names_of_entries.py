"""The names of entries have words of their own; entries are written anew with them."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

NAMES = """
UPDATE kb_entry SET names = ts_filter(document, '{a}')"""


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
    ]
