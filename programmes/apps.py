"""The catalogue as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from programmes import lookups


class ProgrammesConfig(AppConfig):
    """Areas of interest, offerings, initiatives and programmes."""

    name = "programmes"
    verbose_name = _("the catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A number that no column can hold finds nothing, in every query of the portal."""
        super().ready()
        lookups.register()
