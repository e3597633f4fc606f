"""What reads the whole table of files does not hold up those who add one."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enquiries", "0014_files_and_holding")]

    operations = [
        ValidateConstraint(model_name="attachment", name="attachment_all_is_the_citizens"),
        AddIndexConcurrently(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("scan", "waiting")),
                fields=["added_at"],
                name="attachment_waiting",
            ),
        ),
    ]
