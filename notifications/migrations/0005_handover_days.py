"""How promptly messages were handed over, by day; and which message another was sent for."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0004_wordings_and_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "medium",
                    models.CharField(
                        choices=[("sms", "Text"), ("email", "Email"), ("letter", "Letter")],
                        max_length=6,
                    ),
                ),
                ("due", models.PositiveIntegerField()),
                ("prompt", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["day", "medium"],
            },
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("instead_of__isnull", False)),
                fields=["instead_of"],
                name="notification_instead",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverday",
            constraint=models.UniqueConstraint(fields=("day", "medium"), name="handover_day_once"),
        ),
        migrations.AddConstraint(
            model_name="handoverday",
            constraint=models.CheckConstraint(
                condition=models.Q(("prompt__lte", models.F("due"))),
                name="handover_prompt_within_due",
            ),
        ),
    ]
