"""How many cases the hub itself has open is known to the planner.

It takes status and owner for strangers otherwise, expects forty where twenty thousand wait, and
sorts them all to show the first page (docs/queue.md). Statistics lock nothing that is read or
written; they are filled at once, for nobody else does before a tenth of the table has changed.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

KNOW = (
    "CREATE STATISTICS IF NOT EXISTS enquiry_whose_turn (mcv)"
    " ON status, owner_id FROM enquiries_enquiry"
)
FORGET = "DROP STATISTICS IF EXISTS enquiry_whose_turn"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("enquiries", "0029_taken_back"),
    ]

    operations = [
        migrations.RunSQL(KNOW, FORGET),
        AddIndexConcurrently(
            model_name="enquiry",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["closed", "resolved"]),
                    models.Q(("priority", "normal"), _negated=True),
                ),
                fields=["-received_at", "-id"],
                name="enquiry_pressing_ended",
            ),
        ),
        migrations.RunSQL("ANALYZE enquiries_enquiry", migrations.RunSQL.noop),
    ]
