"""What readers say of an answer is a contact: its signals, and which answer it was."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_editor_role"),
        ("customers", "0003_address_links"),
        ("enquiries", "0015_files_waiting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="signals",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="article",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AlterField(
            model_name="enquiry",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "answered"),
                    ("completed", "completed"),
                    ("fulfilled", "fulfilled"),
                    ("decided_no", "decided_no"),
                    ("signposted", "signposted"),
                    ("withdrawn", "withdrawn"),
                    ("duplicate", "duplicate"),
                    ("spam", "spam"),
                    ("unanswered", "unanswered"),
                ],
                max_length=12,
            ),
        ),
    ]
