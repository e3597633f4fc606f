from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION core_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
       AND (NEW.id, NEW.at, NEW.action, NEW.actor_kind, NEW.actor_name, NEW.target, NEW.data)
         = (OLD.id, OLD.at, OLD.action, OLD.actor_kind, OLD.actor_name, OLD.target, OLD.data)
       AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id
       AND NEW.organisation_id IS NOT DISTINCT FROM OLD.organisation_id
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$body$;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_audit_append_only();
"""

UNDO_APPEND_ONLY = """
DROP TRIGGER core_audit_append_only ON core_auditevent;
DROP FUNCTION core_audit_append_only();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("args", models.JSONField(default=dict)),
                ("lane", models.CharField(blank=True, default="", max_length=100)),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("handed_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={"ordering": ["id"], "verbose_name_plural": "outbox"},
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=100)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, default="", max_length=200)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("target", models.CharField(max_length=200)),
                ("data", models.JSONField(default=dict)),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("sealed_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="JobSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=100)),
                ("slot", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-slot", "id"]},
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(settled_at=None, parked_at=None),
                fields=["next_at", "id"],
                name="outbox_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(
                    ("parked_at", None), ("settled_at", None), models.Q(("lane", ""), _negated=True)
                ),
                fields=["lane", "id"],
                name="outbox_lane",
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("settled_at", None), _negated=True),
                fields=["settled_at"],
                name="outbox_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["target", "id"], name="audit_target"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(sequence=None), fields=["id"], name="audit_unsealed"
            ),
        ),
        migrations.AddConstraint(
            model_name="jobslot",
            constraint=models.UniqueConstraint(fields=("job", "slot"), name="job_slot_once"),
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
    ]
