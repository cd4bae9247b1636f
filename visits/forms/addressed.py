"""Where the link goes by which somebody takes over what one of us has entered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from visits.forms.desk import SeenForm
from visits.forms.fields import EmailField


class AddressForm(SeenForm):
    email = EmailField(label=_("Their e-mail address"))
