"""Promises that pass are found without a look at all that is pending."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("metrics", "0007_rollups"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiryfact",
            index=models.Index(
                condition=models.Q(("broken", False), ("outcome_at", None), ("verdict", "pending")),
                fields=["late_from"],
                name="fact_to_be_late",
            ),
        ),
    ]
