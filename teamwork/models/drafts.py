"""What somebody at the desk was writing when the browser, or the machine, went away."""

from django.db import models


class Draft(models.Model):
    """What stands in one form of one member of staff, sealed; gone with the act, or after a day.

    `form` names the form and what it is about: ``case:7QX-4K2M:reply``, ``contact:<uuid>:raise``.
    `sealed` is a JSON object of field names and texts (core.sealing), never a password or a file.
    """

    staff = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    sealed = models.TextField()
    touched_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-touched_at"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "form"], name="draft_once_per_form"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.form}"
