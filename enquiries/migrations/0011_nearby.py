"""An index of what was reported lately, without a lock."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enquiries", "0010_neighbours")]

    operations = [
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("easting__isnull", False)),
                fields=["service", "received_at"],
                name="enquiry_nearby",
            ),
        ),
    ]
