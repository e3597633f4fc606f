"""Who carries messages, each hand-over, and what a message must know to be said another way."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_sites_offer"),
        ("notifications", "0002_held_and_overtaken"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="facts",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="instead_of",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="merged_into",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="organisation",
            field=models.CharField(blank=True, db_default="", default="", max_length=50),
        ),
        migrations.AddField(
            model_name="notification",
            name="postal",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notification", models.BigIntegerField(db_index=True)),
                ("carrier", models.SlugField(db_index=False, max_length=20)),
                (
                    "medium",
                    models.CharField(
                        choices=[("sms", "Text"), ("email", "Email"), ("letter", "Letter")],
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("handed", "Handed over"),
                            ("refused", "Refused"),
                            ("later", "Not taken now"),
                            ("unclear", "No clear answer"),
                        ],
                        max_length=7,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["carrier", "-at"], name="attempt_newest"),
                    models.Index(
                        condition=models.Q(("result__in", ["later", "unclear"])),
                        fields=["carrier", "at"],
                        name="attempt_bad",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Carrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("smtp", "E-mail server (SMTP)"),
                            ("twilio", "Twilio"),
                            ("notify", "GOV.UK Notify"),
                            ("webhook", "Webhook"),
                            ("print", "Printed by us"),
                            ("postbox", "The demo's post box"),
                            ("memory", "Memory"),
                            ("console", "Console"),
                        ],
                        max_length=10,
                    ),
                ),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("sealed", models.TextField(blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="CarrierHealth",
            fields=[
                ("carrier", models.SlugField(max_length=20, primary_key=True, serialize=False)),
                ("ill_since", models.DateTimeField(blank=True, null=True)),
                ("probe_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("well_since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ill_since__isnull", True),
                            ("probe_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ill_carrier_has_its_next_try",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[("sms", "Text"), ("email", "Email"), ("letter", "Letter")],
                        max_length=6,
                    ),
                ),
                ("carrier", models.SlugField(max_length=20)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["medium", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "medium", "carrier"),
                        name="route_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
