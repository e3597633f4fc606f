"""Forms that were begun are kept until they are sent; a contact may help another (no long lock)."""

import django.db.models.deletion
from django.db import migrations, models

COLUMN = "ALTER TABLE enquiries_contact ADD COLUMN assists_id bigint NULL"
REFERS = (
    "ALTER TABLE enquiries_contact ADD CONSTRAINT enquiries_contact_assists_fk FOREIGN KEY "
    "(assists_id) REFERENCES enquiries_contact (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_sites_offer"),
        ("enquiries", "0018_form_of_enquiry"),
        ("kb", "0008_what_was_said"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [COLUMN, REFERS], "ALTER TABLE enquiries_contact DROP COLUMN assists_id"
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="contact",
                    name="assists",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BegunForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "channel",
                    models.CharField(
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
                ),
                ("sealed", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField()),
                ("last_question", models.CharField(blank=True, max_length=40)),
                ("ended", models.CharField(blank=True, max_length=40)),
                ("address_hash", models.CharField(blank=True, max_length=64)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("started_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "counted",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kb.formversion",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kb.service",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.site",
                    ),
                ),
            ],
            options={
                "ordering": ["-touched_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("counted", None), ("sent_at", None)),
                        fields=["touched_at"],
                        name="begun_left",
                    ),
                    models.Index(fields=["expires_at"], name="begun_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code_hash", ""), _negated=True),
                        fields=("code_hash",),
                        name="begun_code",
                    )
                ],
            },
        ),
    ]
