"""When the carrier of a message was last asked what became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_ended_badly"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
