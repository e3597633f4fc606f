"""What a service asks becomes a form with versions; the questions there were are its first."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def as_forms(apps, schema_editor):
    Question = apps.get_model("kb", "Question")
    FormVersion = apps.get_model("kb", "FormVersion")
    now = timezone.now()
    forms = {}
    for one in Question.objects.order_by("service_id", "position", "pk"):
        forms.setdefault(one.service_id, []).append(
            {
                "key": one.key,
                "type": "choice",
                "words": one.words,
                **({"hint": one.hint} if one.hint else {}),
                **({} if one.is_required else {"required": False}),
                "choices": one.choices,
            }
        )
    FormVersion.objects.bulk_create(
        FormVersion(
            service_id=service_id,
            number=1,
            state="live",
            data={"questions": questions},
            written_at=now,
            written_by="The hub",
            published_at=now,
            published_by="The hub",
        )
        for service_id, questions in forms.items()
    )


class Migration(migrations.Migration):
    # The questions are in the forms by then, and nothing was released that reads the table.
    squawk_ignored = ("ban-drop-table",)

    dependencies = [
        ("kb", "0005_search_and_purposes"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormVersion",
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
                        choices=[("draft", "Draft"), ("live", "Live"), ("past", "Past")],
                        default="draft",
                        max_length=5,
                    ),
                ),
                ("data", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                ("written_by", models.CharField(max_length=120)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_by", models.CharField(blank=True, max_length=120)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="kb.service",
                    ),
                ),
            ],
            options={
                "ordering": ["service", "-number"],
            },
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                fields=("service", "number"), name="form_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("service",), name="form_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")), fields=("service",), name="form_one_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True), ("published_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="form_published_fits_state",
            ),
        ),
        migrations.RunPython(as_forms, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="Question",
        ),
    ]
