"""What figures beside the one-stop rate are counted from; the ledger is read again for it."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

# Reading the ledger from its beginning is harmless, and goes on a page at a time.
READ_AGAIN = "UPDATE metrics_cursor SET value = ''"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_leaders"),
        ("enquiries", "0033_files_of_the_hub"),
        ("metrics", "0001_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquiryfact",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enquiryfact",
            name="responded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enquiryfact",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enquiryfact",
            name="need_settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enquiryfact",
            name="broken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="enquiryfact",
            name="standing",
            field=models.CharField(blank=True, db_default="", default="", max_length=7),
        ),
        migrations.CreateModel(
            name="ItemFact",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="enquiries.contactitem",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(max_length=8)),
                ("site", models.CharField(blank=True, max_length=50)),
                ("taken_by", models.CharField(blank=True, max_length=50)),
                ("taken_team", models.CharField(blank=True, max_length=80)),
                ("organisation", models.CharField(blank=True, max_length=50)),
                ("team", models.CharField(blank=True, max_length=80)),
                ("service", models.CharField(blank=True, max_length=80)),
                ("klass", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=16)),
                ("avoidable", models.CharField(blank=True, max_length=32)),
                ("heads", models.BooleanField()),
                ("left_out", models.BooleanField()),
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
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["at"], name="item_fact_at"),
                    models.Index(fields=["organisation", "at"], name="item_fact_organisation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("pounds", models.DecimalField(decimal_places=2, max_digits=8)),
                ("entered_by", models.CharField(max_length=120)),
                ("entered_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "channel", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "channel", "since"), name="unit_cost_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pounds__gte", 0)), name="unit_cost_is_no_gain"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnlineDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("permissible", models.PositiveIntegerField()),
                ("enabled", models.PositiveIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "organisation"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "day"), name="online_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("enabled__lte", django.db.models.expressions.F("permissible"))
                        ),
                        name="online_within_permissible",
                    ),
                ],
            },
        ),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
