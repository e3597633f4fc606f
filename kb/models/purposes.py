"""Why personal data are used: the register from which privacy notices are made."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Purpose(models.Model):
    """One line of the register of purposes.

    A service's own line is the one that names it, else the one that names its group, else the
    one that names neither. Lines `for_all` hold beside it for every service.
    """

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    groups = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    services = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    for_all = models.BooleanField(default=False)
    words = models.CharField(max_length=400)
    uses = models.CharField(max_length=300)
    lawful_basis = models.CharField(max_length=200)
    special_category = models.CharField(max_length=300, blank=True)
    controller = models.CharField(max_length=200, blank=True)
    recipients = models.CharField(max_length=300)
    retention = models.CharField(max_length=200)
    is_proposal = models.BooleanField(default=True)

    class Meta:
        ordering = ["for_all", "name", "pk"]

    def __str__(self) -> str:
        return self.name
