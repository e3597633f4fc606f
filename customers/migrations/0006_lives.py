"""Other names and addresses, alerts, who acts for whom, merges and moves; and how names are folded."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

import customers.models.folding

# Bodies that are bound when they are made: an index calls them under any search path. What they
# cost is said, so that nobody reads a million rows through them.
FOLDED = """
CREATE FUNCTION customers_words(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN string_to_array(btrim(regexp_replace(regexp_replace(
    normalize(lower(said), NFKD), '[\u0300-\u036f''\u2019`]', '', 'g'),
    '[[:space:][:punct:]]+', ' ', 'g')), ' ');
CREATE FUNCTION customers_sounds(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000
RETURN ARRAY(SELECT DISTINCT dmetaphone(word) FROM unnest(customers_words(said)) AS word
             WHERE dmetaphone(word) <> '');
CREATE FUNCTION customers_compact(postcode text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 200
RETURN upper(replace(postcode, ' ', ''));
"""
UNFOLDED = """
DROP FUNCTION customers_sounds(text);
DROP FUNCTION customers_compact(text);
DROP FUNCTION customers_words(text);
"""
# Who is marked as vulnerable has an alert that says so, to be looked at within half a year.
MARKED = """
INSERT INTO customers_alert (public_id, person_id, kind, why, seen_by, recorded_at, recorded_by,
                             review_on, reviewed_by, ended_by, ended_why)
SELECT gen_random_uuid(), id, 'vulnerable', vulnerable_why, 'all', now(), 'Marked before',
       coalesce(vulnerable_until, current_date + 183), '', '', ''
FROM customers_person WHERE is_vulnerable
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_kiosks_have_a_room"),
        ("customers", "0005_how_people_are_told"),
    ]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(FOLDED, UNFOLDED),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("from_address", models.CharField(blank=True, max_length=300)),
                ("from_postcode", models.CharField(blank=True, max_length=8)),
                ("to_address", models.CharField(max_length=300)),
                ("to_postcode", models.CharField(max_length=8)),
                ("to_uprn", models.CharField(blank=True, max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("vulnerable", "Vulnerable"), ("safety", "Safety of staff")],
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                (
                    "seen_by",
                    models.CharField(
                        choices=[
                            ("all", "Everybody at the desk"),
                            (
                                "handling",
                                "Who has a case of theirs in hand, or speaks with them now",
                            ),
                            ("safeguarding", "Safeguarding only"),
                        ],
                        max_length=12,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=120)),
                ("review_on", models.DateField()),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["review_on"],
                        name="alert_to_review",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="apart_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="apart_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        customers.models.folding.Words("name"), name="given_name_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        customers.models.folding.Sounds("name"), name="given_name_sounds"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "name"),
                        name="given_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("why", models.CharField(max_length=300)),
                ("moved", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.CharField(blank=True, max_length=120)),
                ("undone_why", models.CharField(blank=True, max_length=300)),
                (
                    "undone",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("gone",), name="merge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True),
                        name="merge_is_of_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoveNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "about",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("chase_at", models.DateTimeField()),
                ("chased", models.PositiveSmallIntegerField(default=0)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=120)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "move",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.move",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at", None), ("withdrawn_at", None)),
                        fields=["organisation", "told_at"],
                        name="move_notice_open",
                    ),
                    models.Index(
                        condition=models.Q(("acknowledged_at", None), ("withdrawn_at", None)),
                        fields=["chase_at"],
                        name="move_notice_to_chase",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("move", "organisation"), name="move_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostalAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home", "Another home"),
                            ("before", "Where they lived before"),
                            ("work", "Work or school"),
                            ("care", "Who looks after them"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("address", models.CharField(max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("uprn", models.CharField(blank=True, max_length=12)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(blank=True, max_length=120)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("verified_by", models.CharField(blank=True, max_length=120)),
                ("unusable_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("uprn", ""), _negated=True),
                        fields=["uprn"],
                        name="postal_address_uprn",
                    ),
                    models.Index(fields=["postcode"], name="postal_address_postcode"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proxy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("relation", models.CharField(blank=True, max_length=60)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("asked", "They told us themselves"),
                            ("present", "They are there, and say so"),
                            ("written", "A letter of theirs says so"),
                            ("attorney", "Lasting power of attorney, seen"),
                            ("deputy", "Deputy of the Court of Protection, seen"),
                            ("appointee", "Appointee for benefits, seen"),
                            ("parent", "Parent or guardian of a child"),
                            ("unproved", "They say so; nothing is seen"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "may",
                    models.CharField(
                        choices=[
                            ("report", "Tell us things. Tell them nothing"),
                            ("own", "Hear about what they reported themselves"),
                            ("all", "Hear about everything of theirs"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("from_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=120)),
                (
                    "acts",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.person",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "proxies",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "acts"),
                        name="proxy_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("acts")), _negated=True),
                        name="proxy_is_somebody_else",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MARKED, migrations.RunSQL.noop),
    ]
