"""Four indexes on one column stand beside others that begin with it: they are written, take place,
and mislead the planner. Dropped without a lock."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0031_acting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS enquiries_enquiry_person_id_b1474a7b",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS enquiries_enquiry_person_id_b1474a7b"
                    " ON enquiries_enquiry (person_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="enquiry",
                    name="person",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.person",
                    ),
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS enquiries_enquiry_service_id_d2a748e9",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS enquiries_enquiry_service_id_d2a748e9"
                    " ON enquiries_enquiry (service_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="enquiry",
                    name="service",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kb.service",
                    ),
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS enquiries_contact_agent_id_c077ac91",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS enquiries_contact_agent_id_c077ac91"
                    " ON enquiries_contact (agent_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="contact",
                    name="agent",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS enquiries_enquiryevent_enquiry_id_bae6e98d",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS enquiries_enquiryevent_enquiry_id_bae6e98d"
                    " ON enquiries_enquiryevent (enquiry_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="enquiryevent",
                    name="enquiry",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="enquiries.enquiry",
                    ),
                )
            ],
        ),
    ]
