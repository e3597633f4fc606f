"""Answers have owners, versions, files, and what readers say of them."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # The tables are new; answers are a few hundred, and written by editors alone.
    squawk_ignored = (
        "adding-required-field",
        "adding-foreign-key-constraint",
        "require-concurrent-index-creation",
    )

    dependencies = [
        ("accounts", "0007_editor_role"),
        ("kb", "0003_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file", models.FileField(upload_to="articles/%Y/%m/")),
                ("name", models.CharField(max_length=120)),
                ("alt", models.CharField(blank=True, max_length=200)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("scheduled", "Waits for its time"),
                            ("published", "Published"),
                            ("dropped", "Dropped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("written_by", models.CharField(max_length=120)),
                ("written_by_id", models.BigIntegerField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                ("asked_by_id", models.BigIntegerField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("published_by", models.CharField(blank=True, max_length=120)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="ArticleViews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("channel", models.CharField(max_length=8)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FourEyes",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("set_by", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name_plural": "four eyes",
                "ordering": ["organisation"],
            },
        ),
        migrations.CreateModel(
            name="ReaderWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("channel", models.CharField(max_length=8)),
                ("answered", models.BooleanField()),
                ("is_wrong", models.BooleanField(default=False)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="areas",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="article",
            name="goes_to",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="article",
            name="live_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="article",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="related_articles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="related_services",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="review_by",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="say",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="article",
            name="start",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="articlefile",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="kb.article"
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="kb.article",
            ),
        ),
        migrations.AddField(
            model_name="articleviews",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kb.article"
            ),
        ),
        migrations.AddField(
            model_name="readerword",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reader_words",
                to="kb.article",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlefile",
            constraint=models.UniqueConstraint(
                fields=("article", "sha256"), name="article_file_once"
            ),
        ),
        migrations.AddIndex(
            model_name="articleversion",
            index=models.Index(
                condition=models.Q(("state", "scheduled")),
                fields=["publish_at"],
                name="version_to_publish",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(fields=("article", "number"), name="version_once"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "in_review", "scheduled"])),
                fields=("article",),
                name="version_one_worked_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleviews",
            constraint=models.UniqueConstraint(
                fields=("article", "on", "channel"), name="views_of_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="readerword",
            index=models.Index(fields=["article", "-at"], name="reader_word_of_article"),
        ),
        migrations.AddIndex(
            model_name="readerword",
            index=models.Index(
                condition=models.Q(("is_wrong", True), ("settled_at", None)),
                fields=["article"],
                name="reader_word_waits",
            ),
        ),
    ]
