"""What failed lately is found without a look at all that was ever sent."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0009_threads_of_mail"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "expired"])),
                fields=["settled_at"],
                name="notification_ended_badly",
            ),
        ),
    ]
