"""Rates are made of fourteen sums: a row for each class, channel and way of being served."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0012_ties_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="RolledCell",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part_id",
                        "unit",
                        "start",
                        "alike_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("part_id", models.IntegerField()),
                ("unit", models.SmallIntegerField()),
                ("start", models.DateField()),
                ("alike_id", models.IntegerField()),
                ("mature", models.IntegerField()),
                ("linkable", models.IntegerField()),
                ("linkable_success", models.IntegerField()),
                ("recontacted", models.IntegerField()),
                ("anonymous_success", models.IntegerField()),
                ("pending", models.IntegerField()),
                ("unbroken", models.IntegerField()),
                ("left_out", models.IntegerField()),
                ("capped", models.IntegerField()),
                ("recontacts", models.IntegerField()),
                ("fcc", models.IntegerField()),
                ("fcc_of", models.IntegerField()),
                ("rftr", models.IntegerField()),
                ("rftr_of", models.IntegerField()),
            ],
            options={
                "ordering": ["part_id", "unit", "start", "alike_id"],
                "indexes": [models.Index(fields=["unit", "start"], name="rolled_cell_of_day")],
            },
        ),
        migrations.CreateModel(
            name="RolledPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=10)),
                ("level", models.CharField(max_length=24)),
                ("within", models.CharField(blank=True, max_length=50)),
                ("part", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["what", "level", "within", "part"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("what", "level", "within", "part"), name="rolled_part_once"
                    )
                ],
            },
        ),
    ]
