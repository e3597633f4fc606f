"""Packs of figures on paper, and who wants them in their mail."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("metrics", "0005_targets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("kind", models.CharField(max_length=7)),
                ("since", models.DateField()),
                ("organisation", models.CharField(blank=True, max_length=50)),
                ("made_at", models.DateTimeField()),
                ("pages", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
                ("said", models.JSONField(default=list)),
                ("version", models.CharField(max_length=12)),
            ],
            options={
                "ordering": ["-since", "kind", "organisation"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "organisation", "since"), name="pack_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PackReader",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ["user"],
            },
        ),
    ]
