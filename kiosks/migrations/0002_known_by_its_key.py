from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("kiosks", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            "kiosk",
            models.Index(
                fields=["thumbprint"],
                name="kiosk_thumbprint",
                condition=models.Q(("thumbprint", ""), _negated=True),
            ),
        ),
    ]
