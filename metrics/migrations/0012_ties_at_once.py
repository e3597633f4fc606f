"""Ties are found by their index alone: what waits in its pending list would be read, whole and row
by row, by every search of a fold. Writing into the index at once costs no more.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("metrics", "0011_closed"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER INDEX fact_ties SET (fastupdate = off)",
            "ALTER INDEX fact_ties RESET (fastupdate)",
            state_operations=[
                migrations.RemoveIndex("enquiryfact", "fact_ties"),
                migrations.AddIndex(
                    "enquiryfact", GinIndex(fields=["ties"], name="fact_ties", fastupdate=False)
                ),
            ],
        ),
        # What still waits there; no lock that others wait for.
        migrations.RunSQL("SELECT gin_clean_pending_list('fact_ties')", migrations.RunSQL.noop),
    ]
