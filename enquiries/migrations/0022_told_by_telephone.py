"""Every address that was given in a contact, whom to ring, and by what may be told what failed."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_sites_offer"),
        ("enquiries", "0021_conversations_by_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="given",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="CallDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("event", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True)),
                ("why", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("done_by", models.CharField(blank=True, max_length=120)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["enquiry", "created_at"],
                        name="call_due_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TellingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=40)),
                ("medium", models.CharField(max_length=6)),
                ("is_allowed", models.BooleanField()),
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
                "ordering": ["event", "medium", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "event", "medium"),
                        name="telling_rule_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
