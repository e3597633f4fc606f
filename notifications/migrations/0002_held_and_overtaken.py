"""A message may be held until the morning, and be overtaken by newer news."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import notifications.lifecycle


class Migration(migrations.Migration):
    # Each comes back in the next statement, with the states that are new.
    squawk_ignored = ("ban-drop-constraint",)

    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_settled_at_matches_state",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_state_is_known",
        ),
        migrations.AddField(
            model_name="notification",
            name="good_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="hold_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="language",
            field=models.CharField(db_default="en-gb", default="en-gb", max_length=12),
        ),
        migrations.AddField(
            model_name="notification",
            name="sealed",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="notification",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("sending", "sending"),
                    ("unknown", "unknown"),
                    ("sent", "sent"),
                    ("delivered", "delivered"),
                    ("failed", "failed"),
                    ("expired", "expired"),
                    ("overtaken", "overtaken"),
                ],
                default=notifications.lifecycle.State["QUEUED"],
                max_length=9,
            ),
        ),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", False),
                        ("state__in", ["delivered", "expired", "failed", "overtaken"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["delivered", "expired", "failed", "overtaken"]),
                            _negated=True,
                        ),
                        ("settled_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notification_settled_at_matches_state",
            ),
        ),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "queued",
                            "sending",
                            "unknown",
                            "sent",
                            "delivered",
                            "failed",
                            "expired",
                            "overtaken",
                        ],
                    )
                ),
                name="notification_state_is_known",
            ),
        ),
    ]
