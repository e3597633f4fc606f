"""What waits in a language that few speak is found by who speaks it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0027_indexes_of_the_queue"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", True),
                    ("status__in", ["new", "open", "waiting"]),
                    models.Q(("language", "en-gb"), _negated=True),
                ),
                fields=["language", "due_at", "id"],
                name="enquiry_free_language",
            ),
        ),
    ]
