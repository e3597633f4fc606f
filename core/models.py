"""The kernel's tables: what is to be done, what was looked at, what ran, what is alive."""

from django.db import models
from django.db.models import Q


class Outbox(models.Model):
    """One piece of work that was promised; it stays until its doer has settled it."""

    task = models.CharField(max_length=100)
    key = models.CharField(max_length=200, unique=True)
    args = models.JSONField(default=dict)
    lane = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "outbox"
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="outbox_waiting",
                condition=Q(settled_at=None, parked_at=None),
            ),
            models.Index(
                fields=["lane", "id"],
                name="outbox_lane",
                condition=Q(settled_at=None, parked_at=None) & ~Q(lane=""),
            ),
            models.Index(
                fields=["settled_at"], name="outbox_settled", condition=~Q(settled_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class AuditEvent(models.Model):
    """Who looked at or changed what. Append-only; sealed into a hash chain by a sweep."""

    at = models.DateTimeField()
    action = models.CharField(max_length=100)
    actor_kind = models.CharField(max_length=10)
    # Plain numbers instead of foreign keys: the trail outlives what it speaks of.
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True, default="")
    organisation_id = models.BigIntegerField(null=True)
    target = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    sequence = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["target", "id"], name="audit_target"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(sequence=None)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class JobSlot(models.Model):
    """One run of one periodic job: the database lets it happen once."""

    job = models.CharField(max_length=100)
    slot = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-slot", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_slot_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"


class Heartbeat(models.Model):
    """When a part of the system was last seen alive."""

    name = models.CharField(primary_key=True, max_length=100)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LimitCount(models.Model):
    """How often somebody knocked at a door in one stretch of time; `who` is a keyed hash.

    The table is unlogged: writing it costs little, and a crash of the server forgets the counts.
    """

    door = models.CharField(max_length=24)
    who = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["since"], name="limit_count_old")]
        constraints = [
            models.UniqueConstraint(fields=["door", "who", "since"], name="limit_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.count}"
