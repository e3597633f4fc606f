"""Contacts that nobody has wrapped up are found without a look at the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0024_one_screen"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("agent__isnull", False), ("ended_at", None)),
                fields=["started_at", "agent"],
                name="contact_unfinished",
            ),
        ),
    ]
