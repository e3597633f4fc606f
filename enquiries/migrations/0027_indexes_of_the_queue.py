"""Every view of the queue, however it is narrowed, is read by its order."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0026_watches"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"])
                ),
                fields=["district_code", "due_at", "id"],
                name="enquiry_district_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"])
                ),
                fields=["ward_code", "due_at", "id"],
                name="enquiry_ward_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"])
                ),
                fields=["status", "due_at", "id"],
                name="enquiry_status_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"]),
                    models.Q(("priority", "normal"), _negated=True),
                ),
                fields=["due_at", "id"],
                name="enquiry_pressing_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"])
                ),
                fields=["received_at"],
                name="enquiry_live_age",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"])),
                fields=["service", "-received_at", "-id"],
                name="enquiry_service_ended",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"])),
                fields=["owner", "-received_at", "-id"],
                name="enquiry_owner_ended",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"])),
                fields=["district_code", "-received_at", "-id"],
                name="enquiry_district_ended",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"])),
                fields=["ward_code", "-received_at", "-id"],
                name="enquiry_ward_ended",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "resolved"])),
                fields=["status", "-received_at", "-id"],
                name="enquiry_status_ended",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("description"), name="gin_trgm_ops"
                ),
                name="enquiry_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(fields=["postcode", "-received_at"], name="enquiry_postcode"),
        ),
    ]
