"""What somebody can do, and how much they should have in hand: by this the next case is chosen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SkillKind(models.TextChoices):
    LANGUAGE = "language", "Language"
    SERVICE = "service", "Service"
    AREA = "area", "Area"
    TEAM = "team", "Team"


class SkillLevel(models.IntegerChoices):
    SOME = 1, "Some"
    GOOD = 2, "Good"
    EXPERT = 3, "Expert"


class Skill(models.Model):
    """One thing that one member of staff can do. `value` is the code of a language or an area, the
    slug of a service, or the number of a team."""

    staff = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=SkillKind)
    value = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=SkillLevel, default=SkillLevel.GOOD)

    class Meta:
        ordering = ["staff", "kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "value"], name="skill_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="skill_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.kind} {self.value}"


class Capacity(models.Model):
    """How many cases somebody should have in hand at once; nobody without one is held back."""

    staff = models.OneToOneField(
        "accounts.User", models.CASCADE, primary_key=True, related_name="+"
    )
    most_in_hand = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "capacities"

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.most_in_hand}"


class Away(models.Model):
    """Somebody is not at work up to and on a day. Why is nobody's business here."""

    staff = models.OneToOneField(
        "accounts.User", models.CASCADE, primary_key=True, related_name="+"
    )
    until_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "away"

    def __str__(self) -> str:
        return f"{self.staff_id}: until {self.until_on}"
