"""Why a message waits: what was said too often within an hour is said together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_handover_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="held_for",
            field=models.CharField(
                blank=True,
                choices=[("many", "many")],
                db_default="",
                default="",
                max_length=4,
            ),
        ),
    ]
