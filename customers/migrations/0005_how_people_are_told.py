"""What people need, by what they want to be told, and their word on texts and on news."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_points_for_one_enquiry"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="adjustments",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("large_print", "Letters in large print"),
                        ("easy_read", "Write in easy read: short sentences, one thing at a time"),
                        ("no_texts", "Send no texts"),
                        ("no_emails", "Send no emails"),
                        ("no_letters", "Send no letters"),
                        ("calls_only", "Only ring them: send nothing in writing"),
                        ("relay_uk", "Ring through Relay UK: dial 18001 first"),
                        ("interpreter", "Speak with an interpreter"),
                        ("sign", "Meet with a British Sign Language interpreter"),
                        ("other", "Something else"),
                    ],
                    max_length=12,
                ),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="post_unusable_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="tell_by",
            field=models.CharField(
                blank=True,
                choices=[("sms", "Text message"), ("email", "Email"), ("letter", "Letter")],
                db_default="",
                default="",
                max_length=6,
            ),
        ),
        migrations.CreateModel(
            name="TextWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("is_stop", models.BooleanField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("provider", "provider"),
                            ("desk", "desk"),
                            ("page", "page"),
                        ],
                        max_length=8,
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["digest", "-id"], name="text_word_newest")],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("large_print", "Letters in large print"),
                            (
                                "easy_read",
                                "Write in easy read: short sentences, one thing at a time",
                            ),
                            ("no_texts", "Send no texts"),
                            ("no_emails", "Send no emails"),
                            ("no_letters", "Send no letters"),
                            ("calls_only", "Only ring them: send nothing in writing"),
                            ("relay_uk", "Ring through Relay UK: dial 18001 first"),
                            ("interpreter", "Speak with an interpreter"),
                            ("sign", "Meet with a British Sign Language interpreter"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=120)),
                ("review_on", models.DateField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-recorded_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "kind"),
                        name="adjustment_once_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MarketingWord",
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
                        choices=[("sms", "Text message"), ("email", "Email"), ("letter", "Letter")],
                        max_length=6,
                    ),
                ),
                ("is_yes", models.BooleanField()),
                (
                    "source",
                    models.CharField(choices=[("desk", "desk"), ("page", "page")], max_length=8),
                ),
                ("by", models.CharField(blank=True, max_length=120)),
                ("asked", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["person", "medium", "-id"], name="marketing_word_newest")
                ],
            },
        ),
    ]
