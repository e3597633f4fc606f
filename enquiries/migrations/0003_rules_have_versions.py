"""Routing rules get conditions, and versions: those of before become the first one."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FIRST_VERSION = """
INSERT INTO enquiries_ruleset
    (number, name, made_at, made_by, version, published_at, published_by, live_from)
SELECT 1, 'As loaded', now(), 'The hub', 0, now(), 'The hub', '2000-01-01T00:00:00Z'
WHERE EXISTS (SELECT 1 FROM enquiries_routingrule);
UPDATE enquiries_routingrule SET rule_set_id = (SELECT id FROM enquiries_ruleset WHERE number = 1)
WHERE rule_set_id IS NULL;
"""


class Migration(migrations.Migration):
    # The rules and agreements are some hundred rows, written by their editors alone: what would
    # lock a large table takes them milliseconds.
    squawk_ignored = (
        "adding-foreign-key-constraint",
        "ban-drop-default",
        "ban-drop-not-null",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
        "adding-not-nullable-field",
    )

    dependencies = [
        ("accounts", "0003_boundaries_outside_team_hours"),
        ("enquiries", "0002_rule_sets_clocks_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="elapsed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="answers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("web", "web"),
                        ("phone", "phone"),
                        ("counter", "counter"),
                        ("kiosk", "kiosk"),
                        ("sms", "sms"),
                        ("email", "email"),
                        ("api", "api"),
                    ],
                    max_length=8,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="outside",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.outsidebody",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="priority",
            field=models.CharField(
                blank=True,
                choices=[("normal", "normal"), ("urgent", "urgent"), ("emergency", "emergency")],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="routingrule",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="routingrule",
            name="position",
            field=models.PositiveIntegerField(),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="rule_set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rules",
                to="enquiries.ruleset",
            ),
        ),
        migrations.RunSQL(FIRST_VERSION, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="routingrule",
            name="rule_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rules",
                to="enquiries.ruleset",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(
                fields=("rule_set", "position"), name="rule_position_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("outside__isnull", True)),
                    models.Q(
                        ("organisation__isnull", True),
                        ("outside__isnull", False),
                        ("team__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="rule_names_one_owner",
            ),
        ),
    ]
