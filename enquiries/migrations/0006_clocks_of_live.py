"""What was under way before clocks were rows gets the clock of its promise."""

from django.db import migrations

# Its budget is the time by the clock from receipt to the due date that was kept with it: the
# working time behind it was not written down. A case that waits for its citizen stands still.
CLOCKS = """
INSERT INTO enquiries_clock
    (enquiry_id, kind, organisation_id, starts_at, budget, elapsed, due_at, warn_at, state)
SELECT enquiry.id, 'resolution', COALESCE(enquiry.owner_id, hub.id), enquiry.received_at,
       enquiry.due_at - enquiry.received_at, true, enquiry.due_at,
       enquiry.received_at + (enquiry.due_at - enquiry.received_at) * 0.75,
       CASE enquiry.status WHEN 'waiting' THEN 'paused' ELSE 'running' END
FROM enquiries_enquiry AS enquiry
CROSS JOIN (SELECT id FROM accounts_organisation WHERE kind = 'hub' LIMIT 1) AS hub
WHERE enquiry.status IN ('new', 'open', 'referred', 'in_progress', 'waiting')
  AND enquiry.due_at > enquiry.received_at
  AND enquiry.escalated_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM enquiries_clock AS clock WHERE clock.enquiry_id = enquiry.id)
"""


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0005_held_by_all")]

    operations = [migrations.RunSQL(CLOCKS, migrations.RunSQL.noop)]
