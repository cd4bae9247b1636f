from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from visits.choices import OrganisationKind

LANGUAGES = [("en", "English"), ("sv", "Svenska")]


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with `email`; without a password only a code works."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Somebody of ours who signs in: a coordinator, a manager or a facilitator.

    Visitors have no account: a link in their mail opens their page.
    """

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="sv")
    phone = models.CharField(
        _("phone"),
        max_length=40,
        blank=True,
        help_text=_("Guests read a host’s number in their agreement and on the days of their visit."),
    )
    keys_off = models.BooleanField(
        _("without shortcut keys"), default=False, help_text=_("No single letter does anything on the desk.")
    )
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("person who signs in")
        verbose_name_plural = _("people who sign in")

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Organisation(models.Model):
    """A hospital, region or other body that has asked us for a meeting.

    One that was `merged_into` another keeps its name, so that whoever writes it leads there.
    """

    name = models.CharField(_("name"), max_length=200)
    country = CountryField(_("country"))
    town = models.CharField(_("town or region"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "country",
                name="organisation_once_per_country",
                violation_error_message=_("This organisation is already known."),
            ),
            models.CheckConstraint(
                name="organisation_is_not_merged_into_itself",
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def living(self) -> Organisation:
        """The one that it has become: itself, unless it was merged."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found


class Visitor(models.Model):
    """A contact person whose e-mail address has been confirmed."""

    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), help_text=_("As typed; used for sending."))
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="visitors")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
