"""Services and answers are found by their entries: a column of before is known to nobody any more.

It stays in the tables until the release after this one, so that the version before still runs.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("kb", "0010_area_drafts_and_dangers"),
    ]

    operations = [
        RemoveIndexConcurrently(model_name="article", name="article_document"),
        RemoveIndexConcurrently(model_name="service", name="service_document"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="article", name="document"),
                migrations.RemoveField(model_name="service", name="document"),
            ],
        ),
    ]
