"""How telephone calls went is kept by day, when the calls themselves are forgotten."""

from django.db import migrations, models
from django.db.models.expressions import CombinedExpression


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0007_lines_and_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("rang", models.PositiveIntegerField()),
                ("answered", models.PositiveIntegerField()),
                ("prompt", models.PositiveIntegerField()),
                ("given_up", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("prompt__lte", models.F("answered")),
                            (
                                "rang__gte",
                                CombinedExpression(models.F("answered"), "+", models.F("given_up")),
                            ),
                        ),
                        name="call_day_adds_up",
                    ),
                ],
            },
        ),
    ]
