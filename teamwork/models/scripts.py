"""How far agents have led somebody through a form, and how each of them likes to be led."""

import uuid

from django.db import models


class Script(models.Model):
    """One form that is asked in a contact, kept with each answer so that any agent can go on.

    `sealed` is the journey (kb.journeys) with the keys of what was left open (core.sealing); it is
    emptied when the form is sent or ended (`reference`). `at` names the question that is open and
    `revision` counts the answers: who answers an older one is shown the newer.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("enquiries.Contact", models.CASCADE, related_name="+")
    service = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=80, blank=True)
    sealed = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    begun_by = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    reference = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["begun_at", "pk"]

    def __str__(self) -> str:
        return f"script {self.public_id} of {self.service}"


class Leading(models.Model):
    """Whether one of the staff wants the whole form at once; else question by question."""

    staff = models.OneToOneField(
        "accounts.User", models.CASCADE, primary_key=True, related_name="+"
    )
    whole = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.staff_id}: {'whole' if self.whole else 'by question'}"
