"""Who is to be rung next is found without a look at the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("inbox", "0005_rung_at_a_chosen_time"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="callback",
            index=models.Index(
                condition=models.Q(("closed_at", None), ("wanted_at__isnull", False)),
                fields=["wanted_at"],
                name="callback_wanted",
            ),
        ),
    ]
