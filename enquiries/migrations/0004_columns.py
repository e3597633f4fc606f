"""New columns of enquiries and referrals; what refers elsewhere is checked in the next step."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


def column(table, name, *, to):
    """A column that refers to a row of another table, without a look at the rows there are."""
    constraint = f"{table}_{name}_fk"
    refers = f"REFERENCES {to} (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ADD COLUMN {name} bigint NULL",
            f"ALTER TABLE {table} ADD CONSTRAINT {constraint} FOREIGN KEY ({name}) {refers}",
        ],
        f"ALTER TABLE {table} DROP COLUMN {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_boundaries_outside_team_hours"),
        ("enquiries", "0003_rules_have_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquiry",
            name="answers",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="disputed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="beside_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="place_doubt",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="priority",
            field=models.CharField(
                choices=[("normal", "normal"), ("urgent", "urgent"), ("emergency", "emergency")],
                db_default="normal",
                default="normal",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="reject_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("other_body", "Another organisation does this"),
                    ("other_area", "It is outside our area"),
                    ("not_a_duty", "Nobody has a duty to do this"),
                    ("already_done", "It has been done already"),
                    ("no_capacity", "We cannot do it in the agreed time"),
                    ("other", "Something else"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                column("enquiries_enquiry", "outside_id", to="accounts_outsidebody")
            ],
            state_operations=[
                migrations.AddField(
                    model_name="enquiry",
                    name="outside",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.outsidebody",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[column("enquiries_referral", "assignee_id", to="accounts_user")],
            state_operations=[
                migrations.AddField(
                    model_name="referral",
                    name="assignee",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                column("enquiries_referral", "suggested_id", to="accounts_organisation")
            ],
            state_operations=[
                migrations.AddField(
                    model_name="referral",
                    name="suggested",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owner__isnull", False),
                    ("status__in", ["new", "closed", "resolved"]),
                    _connector="OR",
                ),
                name="enquiry_owner_fits_status",
            ),
        ),
        AddConstraintNotValid(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("disputed_at__isnull", True),
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"]),
                    _connector="OR",
                ),
                name="enquiry_disputed_only_while_live",
            ),
        ),
        AddConstraintNotValid(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outside__isnull", True),
                    ("status__in", ["closed", "resolved"]),
                    _connector="OR",
                ),
                name="enquiry_handed_off_has_ended",
            ),
        ),
        AddConstraintNotValid(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "accepted"), _negated=True),
                    ("accepted_at__isnull", False),
                    _connector="OR",
                ),
                name="referral_accepted_at_fits_status",
            ),
        ),
        AddConstraintNotValid(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "completed"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="referral_completed_has_outcome",
            ),
        ),
    ]
