"""A sitting on the web is found by its session, by an index that is made without a lock."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("enquiries", "0016_article_presses")]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("session", ""), _negated=True),
                fields=["channel", "session", "-ended_at"],
                name="contact_session",
            ),
        )
    ]
