"""Who is to be rung at a time that they chose."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0004_what_was_there_before_us"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="asked_in",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callback",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="callback",
            name="wanted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
