"""An enquiry keeps the version of the form that asked it; it is checked without a long lock."""

import django.db.models.deletion
from django.db import migrations, models

COLUMN = "ALTER TABLE enquiries_enquiry ADD COLUMN form_id bigint NULL"
REFERS = (
    "ALTER TABLE enquiries_enquiry ADD CONSTRAINT enquiries_enquiry_form_id_fk FOREIGN KEY (form_id) "
    "REFERENCES kb_formversion (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
)


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0017_contact_session"),
        ("kb", "0006_forms"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [COLUMN, REFERS], "ALTER TABLE enquiries_enquiry DROP COLUMN form_id"
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="enquiry",
                    name="form",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kb.formversion",
                    ),
                ),
            ],
        ),
    ]
