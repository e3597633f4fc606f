"""Staff, what they may do and where, and the tokens of other systems."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.permissions import Role


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address, as `createsuperuser` expects."""

    def create_user(self, email: str, password: str | None = None, full_name: str = "") -> User:
        user = self.model(email=self.normalize_email(email).lower(), full_name=full_name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, full_name: str = ""
    ) -> User:
        user = self.create_user(email, password, full_name)
        user.is_staff = user.is_superuser = True
        user.save(using=self._db, update_fields=["is_staff", "is_superuser"])
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One member of staff of any organisation, signed in by e-mail address."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # A sign-in whose password visitors of the demonstration know: it asks for no second factor
    # there, and opens nothing anywhere else.
    is_demo = models.BooleanField(default=False, db_default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["full_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email


class Membership(models.Model):
    """A role in an organisation between two dates, perhaps in one team and at one site."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    site = models.ForeignKey(
        "accounts.Site", models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=16, choices=[(role.value, role.name) for role in Role])
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["user", "organisation", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "team"],
                nulls_distinct=False,
                name="membership_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} of {self.organisation}"


class ApiToken(models.Model):
    """A key of another system. The key itself is shown once and never kept."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=32), default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
