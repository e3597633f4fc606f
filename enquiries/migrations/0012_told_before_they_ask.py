"""When people begin to ask, by service, and what each enquiry is told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0011_nearby"),
        ("kb", "0002_questions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChasePoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kb.service",
                    ),
                ),
                ("chases", models.PositiveIntegerField(default=0)),
                ("median_hours", models.FloatField(blank=True, null=True)),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("is_on", models.BooleanField(default=True)),
                ("own_hours", models.PositiveIntegerField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("changed_by", models.CharField(blank=True, max_length=120)),
                ("after", models.DurationField(blank=True, null=True)),
            ],
            options={
                "ordering": ["service"],
            },
        ),
        migrations.AddField(
            model_name="enquiry",
            name="expected_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="language",
            field=models.CharField(db_default="en-gb", default="en-gb", max_length=12),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="reassured_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="tell_how_much",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
    ]
