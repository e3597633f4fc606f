"""Needs settled in a period, and open work, are found without a look at all that ever was."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("metrics", "0002_sums"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiryfact",
            index=models.Index(
                condition=models.Q(("need_settled_at__isnull", False)),
                fields=["need_settled_at"],
                name="fact_need_settled",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiryfact",
            index=models.Index(
                condition=models.Q(("standing", "open")),
                fields=["organisation", "received_at"],
                name="fact_open_work",
            ),
        ),
    ]
