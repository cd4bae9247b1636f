"""Countries whose Swedish name the library has not, or not any more: named here, translated with our other words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

NAMES: Final[dict[str, Any]] = {
    "AS": _("American Samoa"),
    "AU": _("Australia"),
    "BV": _("Bouvet Island"),
    "BR": _("Brazil"),
    "CV": _("Cabo Verde"),
    "KH": _("Cambodia"),
    "CA": _("Canada"),
    "TD": _("Chad"),
    "CC": _("Cocos (Keeling) Islands"),
    "CU": _("Cuba"),
    "EG": _("Egypt"),
    "SZ": _("Eswatini"),
    "GE": _("Georgia"),
    "HM": _("Heard Island and McDonald Islands"),
    "IN": _("India"),
    "ID": _("Indonesia"),
    "JO": _("Jordan"),
    "LB": _("Lebanon"),
    "NF": _("Norfolk Island"),
    "MK": _("North Macedonia"),
    "PS": _("Palestine"),
    "PH": _("Philippines"),
    "PN": _("Pitcairn"),
    "SS": _("South Sudan"),
}
