"""Lists of a hundred thousand cases are read by their order, without a look at the others."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0005_safeguarding_role"),
        ("customers", "0002_vulnerable"),
        ("enquiries", "0006_clocks_of_live"),
        ("kb", "0002_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", True), ("status__in", ["new", "open", "waiting"])
                ),
                fields=["due_at", "id"],
                name="enquiry_free_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["in_progress", "new", "open", "referred", "waiting"])
                ),
                fields=["service", "due_at", "id"],
                name="enquiry_service_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(("disputed_at__isnull", False)),
                fields=["due_at", "id"],
                name="enquiry_disputed_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("status", "offered")),
                fields=["organisation", "accept_due_at", "id"],
                name="referral_offered_due",
            ),
        ),
        AddIndexConcurrently(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["organisation", "-settled_at", "-id"],
                name="referral_done",
            ),
        ),
    ]
