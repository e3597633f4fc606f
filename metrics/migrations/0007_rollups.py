"""Facts counted by day, week and month; the database writes down which days have changed."""

import django.contrib.postgres.fields
from django.db import migrations, models

# What a count of days is made of: a fact that says all this as before changes no count.
_ENQUIRY = (
    "started_at", "opened_at", "need_settled_at", "organisation", "service", "site", "team",
    "klass", "channel", "linkable", "self_service", "verdict", "reason", "owner", "recontacts",
    "recontacted", "broken", "capped", "fcc", "rftr",
)  # fmt: skip
_ITEM = (
    "at", "organisation", "service", "site", "team", "klass", "channel", "avoidable", "heads",
    "left_out", "taken_by",
)  # fmt: skip
_TABLES = (
    ("metrics_enquiryfact", "enquiry_id", _ENQUIRY, ("started_at", "need_settled_at")),
    ("metrics_itemfact", "item_id", _ITEM, ("at",)),
)


def _noted(source: str, moments: list[str], only: str = "true") -> str:
    values = ", ".join(f"({moment})" for moment in moments)
    return (  # no value from outside is in it
        "INSERT INTO metrics_changedday (day)"  # noqa: S608
        " SELECT DISTINCT (moment AT TIME ZONE 'Europe/London')::date"
        f" FROM {source} CROSS JOIN LATERAL (VALUES {values}) AS moments(moment)"
        f" WHERE moment IS NOT NULL AND {only};"
    )


def _triggers(table: str, key: str, columns: tuple[str, ...], moments: tuple[str, ...]) -> str:
    """One trigger for each kind of change, of whole statements: a fold writes many rows at once."""
    before, after = (
        ", ".join(f"{side}.{column}" for column in columns) for side in ("was", "became")
    )
    bodies = {
        "INSERT": ("NEW TABLE AS became", _noted("became", [f"became.{one}" for one in moments])),
        "DELETE": ("OLD TABLE AS was", _noted("was", [f"was.{one}" for one in moments])),
        "UPDATE": (
            "OLD TABLE AS was NEW TABLE AS became",
            _noted(
                f"was JOIN became USING ({key})",
                [f"{side}.{one}" for side in ("was", "became") for one in moments],
                f"ROW({before}) IS DISTINCT FROM ROW({after})",
            ),
        ),
    }
    return "".join(
        f"CREATE FUNCTION {table}_{kind.lower()}_noted() RETURNS trigger LANGUAGE plpgsql AS"
        f" $body$ BEGIN {body} RETURN NULL; END $body$;\n"
        f"CREATE TRIGGER {table}_{kind.lower()}_noted AFTER {kind} ON {table}"
        f" REFERENCING {tables} FOR EACH STATEMENT"
        f" EXECUTE FUNCTION {table}_{kind.lower()}_noted();\n"
        for kind, (tables, body) in bodies.items()
    )


def _no_triggers(table: str) -> str:
    return "".join(
        f"DROP TRIGGER {table}_{kind}_noted ON {table}; DROP FUNCTION {table}_{kind}_noted();\n"
        for kind in ("insert", "delete", "update")
    )


TRIGGERS = "".join(_triggers(*table) for table in _TABLES)
NO_TRIGGERS = "".join(_no_triggers(table) for table, *_ in _TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0006_packs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alike",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=400, unique=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ChangedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=10)),
                ("level", models.CharField(max_length=24)),
                ("within", models.CharField(blank=True, max_length=50)),
                ("part", models.CharField(blank=True, max_length=80)),
                ("unit", models.CharField(max_length=5)),
                ("start", models.DateField()),
                (
                    "alike",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                (
                    "recontacts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "ordering": ["what", "level", "within", "part", "unit", "start"],
                "indexes": [
                    models.Index(fields=["what", "level", "unit", "start"], name="rollup_by_part"),
                    models.Index(fields=["start", "unit"], name="rollup_of_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("what", "level", "within", "part", "unit", "start"),
                        name="rollup_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
