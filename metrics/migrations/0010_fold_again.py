"""Outcomes after a reader's yes, merges of merges and lines of one moment are read otherwise: the
ledger is read again for them."""

from django.db import migrations

# Reading the ledger from its beginning is harmless, and goes on a page at a time.
# A rebuild that was cut off begins anew.
READ_AGAIN = (
    "UPDATE metrics_cursor SET value = '' WHERE name = 'ledger';"
    " DELETE FROM metrics_cursor WHERE name = 'rebuild'"
)


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0009_packs_by_kind"),
    ]

    operations = [
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
