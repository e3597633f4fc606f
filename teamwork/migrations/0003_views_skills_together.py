"""Views with a name, skills and capacity, and the same act on many cases."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_kiosks_have_a_room"),
        ("teamwork", "0002_macros_and_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Capacity",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("most_in_hand", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name_plural": "capacities",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=400)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FirstView",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="teamwork.savedview",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("language", "Language"),
                            ("service", "Service"),
                            ("area", "Area"),
                            ("team", "Team"),
                        ],
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=60)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Some"), (2, "Good"), (3, "Expert")], default=2
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["staff", "kind", "value"],
            },
        ),
        migrations.CreateModel(
            name="Together",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("act", models.CharField(max_length=12)),
                ("sealed", models.TextField(blank=True)),
                ("query", models.CharField(blank=True, max_length=400)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("shown", "Looked at"),
                            ("running", "Under way"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="shown",
                        max_length=7,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TogetherItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("left", "Left out"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                (
                    "together",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="teamwork.together",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("staff__isnull", False), ("team__isnull", True)),
                    models.Q(("staff__isnull", True), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="saved_view_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.UniqueConstraint(
                fields=("staff", "kind", "value"), name="skill_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__range", (1, 3))), name="skill_level_known"
            ),
        ),
        migrations.AddIndex(
            model_name="together",
            index=models.Index(fields=["staff", "-made_at"], name="together_of_staff"),
        ),
        migrations.AddIndex(
            model_name="togetheritem",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["together", "id"],
                name="together_item_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="togetheritem",
            constraint=models.UniqueConstraint(
                fields=("together", "reference"), name="together_once_each"
            ),
        ),
    ]
