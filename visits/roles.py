"""Groups and what they may do; `manage.py load_roles` writes them to the database."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet

from visits.models import User

Table = dict[str, dict[str, tuple[str, ...]]]

COORDINATORS: Final = "coordinators"
MANAGERS: Final = "managers"
FACILITATORS: Final = "facilitators"
LOGISTICS: Final = "logistics"
SPECIAL: Final = {"waive_lead_time", "see_special_needs", "overrule", "see_load_by_name", "export_people"}

_EVERYDAY: Final[Table] = {
    "visits": {
        "visitrequest": ("view", "change"),
        "visit": ("view", "change"),
        "session": ("view", "add", "change", "delete"),
        "proposal": ("view",),
        "comment": ("view", "add"),
        "historyentry": ("view",),
        "message": ("view", "change"),
        "enquiry": ("view", "change"),
        "organisation": ("view", "add", "change"),
        "visitor": ("view", "change"),
        "facilitator": ("view", "change"),
        "competence": ("view",),
        "competenceclaim": ("view", "change"),
        "livingterms": ("view", "add", "change"),
        "ask": ("view", "add", "change"),
        "booking": ("view", "add", "change", "delete"),
        "room": ("view", "change"),
        "site": ("view", "change"),
        "quiettime": ("view", "add", "change", "delete"),
        "travel": ("view", "add", "change", "delete"),
        "agendatemplate": ("view", "add", "change"),
        "agendatemplaterow": ("view", "add", "change", "delete"),
        "closure": ("view", "add", "change", "delete"),
        "weekplan": ("view", "change"),
        "gatheringask": ("view",),
        "gathering": ("view", "add", "change", "delete"),
        "checklisttemplate": ("view", "add", "change"),
        "checklistrow": ("view", "add", "change", "delete"),
        "checklistitem": ("view", "add", "change"),
        "sessionheld": ("view",),
        "participant": ("view",),
        "roomquestion": ("view", "delete"),
        "roomreply": ("view", "delete"),
        "lookback": ("view",),
        "certificate": ("view", "change"),
        "pricerule": ("view",),
        "question": ("view",),
        "replydraft": ("view", "add", "change"),
        "reminderrung": ("view", "add", "change"),
        "triageweight": ("view",),
        "invoicedetails": ("view",),
        "causenote": ("view", "add"),
        "phase": ("view", "add", "delete"),
    },
    "programmes": {
        "area": ("view", "change"),
        "offering": ("view", "add", "change"),
        "initiative": ("view", "change"),
        "programme": ("view", "change"),
    },
}
_MANAGING: Final[Table] = {
    "visits": {
        "visitrequest": ("waive_lead_time", "overrule"),
        "room": ("add", "delete"),
        "site": ("add", "delete"),
        "agendatemplate": ("delete",),
        "facilitator": ("add",),
        "user": ("view", "add", "change"),
        "enquiry": ("delete",),
        "pricerule": ("add", "change", "delete"),
        "question": ("add", "change"),
        "replydraft": ("delete",),
        "viewing": ("view",),
        "triageweight": ("change",),
        "causenote": ("delete", "see_load_by_name", "export_people"),
    },
    "programmes": {"area": ("add",), "initiative": ("add",), "programme": ("add",)},
    "admin": {"logentry": ("view",)},
}


# Who plans food and rooms. Nobody else sees what guests eat or need: a colleague of the desk joins this group too.
_LOGISTICS: Final[Table] = {
    "visits": {
        "visitrequest": ("view", "see_special_needs"),
        "visit": ("view",),
        "session": ("view",),
        "room": ("view",),
        "participant": ("view",),
        "checklistitem": ("view", "change"),
    },
}


def desk() -> QuerySet[User]:
    """The coordinators and managers who may sign in: who is told what is nobody's own."""
    groups = (COORDINATORS, MANAGERS)
    return User.objects.filter(is_active=True, is_staff=True, groups__name__in=groups).distinct()


@transaction.atomic
def load() -> None:
    """Make the four groups, each with exactly the permissions written here."""
    everyday = _permissions(_EVERYDAY)
    _group(COORDINATORS).permissions.set(everyday)
    _group(MANAGERS).permissions.set([*everyday, *_permissions(_MANAGING)])
    _group(LOGISTICS).permissions.set(_permissions(_LOGISTICS))
    _group(FACILITATORS).permissions.clear()


def _group(name: str) -> Group:
    return Group.objects.get_or_create(name=name)[0]


def _permissions(table: Table) -> list[Permission]:
    wanted = {
        (app, verb if verb in SPECIAL else f"{verb}_{model}")
        for app, models in table.items()
        for model, verbs in models.items()
        for verb in verbs
    }
    known = Permission.objects.filter(content_type__app_label__in=table, codename__in=[name for _app, name in wanted])
    named = known.select_related("content_type")
    found = [one for one in named if (one.content_type.app_label, one.codename) in wanted]
    if len(found) != len(wanted):
        raise LookupError(f"Permissions not in the database: {len(wanted) - len(found)} of {sorted(wanted)}")
    return found
