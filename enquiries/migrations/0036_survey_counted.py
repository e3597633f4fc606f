"""Answers of a period are counted without reading them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0035_told_lines"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="surveyanswer",
            index=models.Index(fields=["at", "channel", "answer"], name="survey_counted"),
        ),
    ]
