"""The time to the final outcome stands apart; the ledger is read again for it."""

from django.db import migrations, models

# Reading the ledger from its beginning is harmless, and goes on a page at a time.
READ_AGAIN = "UPDATE metrics_cursor SET value = ''"


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0003_indexes_of_sums"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquiryfact",
            name="final_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
