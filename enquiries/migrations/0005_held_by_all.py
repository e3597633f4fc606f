"""What held for new rows holds for all; indexes without a lock."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enquiries", "0004_columns")]

    operations = [
        ValidateConstraint(model_name="enquiry", name="enquiry_owner_fits_status"),
        ValidateConstraint(model_name="enquiry", name="enquiry_disputed_only_while_live"),
        ValidateConstraint(model_name="enquiry", name="enquiry_handed_off_has_ended"),
        ValidateConstraint(model_name="referral", name="referral_accepted_at_fits_status"),
        ValidateConstraint(model_name="referral", name="referral_completed_has_outcome"),
        migrations.RunSQL(
            "ALTER TABLE enquiries_enquiry VALIDATE CONSTRAINT enquiries_enquiry_outside_id_fk",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE enquiries_referral VALIDATE CONSTRAINT enquiries_referral_assignee_id_fk",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE enquiries_referral VALIDATE CONSTRAINT enquiries_referral_suggested_id_fk",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY enquiries_enquiry_outside_id ON enquiries_enquiry (outside_id)",
            "DROP INDEX CONCURRENTLY enquiries_enquiry_outside_id",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY enquiries_referral_assignee_id ON enquiries_referral (assignee_id)",
            "DROP INDEX CONCURRENTLY enquiries_referral_assignee_id",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY enquiries_referral_suggested_id ON enquiries_referral (suggested_id)",
            "DROP INDEX CONCURRENTLY enquiries_referral_suggested_id",
        ),
        AddIndexConcurrently(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("status", "offered")),
                fields=["expires_at"],
                name="referral_to_expire",
            ),
        ),
        AddIndexConcurrently(
            model_name="referral",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", False), ("status__in", ["offered", "accepted"])
                ),
                fields=["assignee", "work_due_at", "id"],
                name="referral_mine",
            ),
        ),
    ]
