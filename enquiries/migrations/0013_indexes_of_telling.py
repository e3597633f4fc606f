"""What is looked for every few minutes is found without a look at the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0012_told_before_they_ask"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contactitem",
            index=models.Index(
                condition=models.Q(("kind", "chase")), fields=["at"], name="item_chases"
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("reassured_at__isnull", True),
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"]),
                ),
                fields=["service", "received_at"],
                name="enquiry_to_reassure",
            ),
        ),
    ]
