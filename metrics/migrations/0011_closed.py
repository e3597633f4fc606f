"""Days on which windows of decided enquiries closed are counted, too, and noted when they change."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

_BEFORE = (
    "started_at", "opened_at", "need_settled_at", "organisation", "service", "site", "team",
    "klass", "channel", "linkable", "self_service", "verdict", "reason", "owner", "recontacts",
    "recontacted", "broken", "capped", "fcc", "rftr",
)  # fmt: skip
_SAID = (*_BEFORE, "window_end", "broken_at")
# The moments whose days are noted, of a row of either side.
_DAYS_BEFORE = ("{0}.started_at", "{0}.need_settled_at")
_DAYS = (
    *_DAYS_BEFORE,
    "CASE WHEN {0}.verdict IN ('success', 'failure') THEN {0}.window_end END",
)


def _functions(columns: tuple[str, ...], moments: tuple[str, ...]) -> str:
    """What the triggers of migration 0007 call, for enquiries."""
    before, after = (
        ", ".join(f"{side}.{column}" for column in columns) for side in ("was", "became")
    )
    changed = f"ROW({before}) IS DISTINCT FROM ROW({after})"
    kinds = (
        ("insert", "became", ("became",), "true"),
        ("delete", "was", ("was",), "true"),
        ("update", "was JOIN became USING (enquiry_id)", ("was", "became"), changed),
    )
    found = []
    for kind, source, sides, only in kinds:
        values = ", ".join(f"({one.format(side)})" for side in sides for one in moments)
        found.append(
            # No value from outside is in it.
            f"CREATE OR REPLACE FUNCTION metrics_enquiryfact_{kind}_noted() RETURNS trigger"  # noqa: S608
            " LANGUAGE plpgsql AS $body$ BEGIN"
            " INSERT INTO metrics_changedday (day)"
            " SELECT DISTINCT (moment AT TIME ZONE 'Europe/London')::date"
            f" FROM {source} CROSS JOIN LATERAL (VALUES {values}) AS moments(moment)"
            f" WHERE moment IS NOT NULL AND {only};"
            " RETURN NULL; END $body$;\n"
        )
    return "".join(found)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("metrics", "0010_fold_again"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="enquiryfact",
            index=models.Index(
                condition=models.Q(("verdict__in", ["success", "failure"])),
                fields=["window_end"],
                include=["klass", "organisation", "opened_at", "broken_at", "verdict"],
                name="fact_decided",
            ),
        ),
        migrations.RunSQL(_functions(_SAID, _DAYS), _functions(_BEFORE, _DAYS_BEFORE)),
    ]
