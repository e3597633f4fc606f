"""What is to be done about a case beside the case itself, and the lists that it is taken from."""

import uuid

from django.db import models
from django.db.models import Q


class Checklist(models.Model):
    """What is to be done about each case of a service, as those who lead a team wrote it.

    `lines` are objects of `words` and `days`: after so many days it is due, 0 for no day.
    """

    service = models.OneToOneField("kb.Service", models.CASCADE, related_name="+")
    lines = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"checklist of {self.service_id}"


class Task(models.Model):
    """One thing to do about a case. Its words are sealed: they may name somebody.

    `staff` is who is to do it, nobody in particular where it is empty; `source` is the line of a
    checklist that it came from, so that a list is taken once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey("enquiries.Enquiry", models.CASCADE, related_name="+")
    sealed = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    staff = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["done_at", "due_on", "pk"]
        indexes = [
            models.Index(
                fields=["staff", "due_on"], name="task_open_of_staff", condition=Q(done_at=None)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "source"], name="task_once_of_list", condition=~Q(source="")
            )
        ]

    def __str__(self) -> str:
        return f"task {self.public_id}"
