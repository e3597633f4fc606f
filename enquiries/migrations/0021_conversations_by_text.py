"""Where a conversation by text stands is kept between two texts (a new table: no lock)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0020_suggestions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmsDialog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phone_hash", models.CharField(max_length=64, unique=True)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("sealed", models.TextField(blank=True)),
                ("language", models.CharField(max_length=10)),
                ("is_open", models.BooleanField()),
                ("revision", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ["-touched_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["touched_at"],
                        name="dialog_waits",
                    ),
                    models.Index(fields=["expires_at"], name="dialog_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("token_hash", ""), _negated=True),
                        fields=("token_hash",),
                        name="dialog_token",
                    )
                ],
            },
        ),
    ]
