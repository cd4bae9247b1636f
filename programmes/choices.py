"""The fixed words of the catalogue: what a field may hold, and what it is called."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How an initiative was done. The value is also the word in the address."""

    CO_DESIGN = "co-design", _("Co-design")
    IMPROVING = "improving-together", _("Improving together")
    STORIES = "stories-and-personas", _("Stories and personas")
    PERSON_CENTRED = "person-centred-care", _("Person-centred care")
    STAFF = "patients-on-the-staff", _("Patients on the staff")
    DIALOGUE = "dialogue", _("Dialogue")
    OWN = "own-initiative", _("Own initiative")
    PARTNERS = "learning-partners", _("Learning partners")


class Level(models.TextChoices):
    """Where in the health system an initiative works, when the sources say so."""

    MICRO = "micro", _("close to the patient")
    MESO = "meso", _("between units")
    MACRO = "macro", _("the whole system")
    ALL = "all", _("from everyday work to the boardroom")


class Colour(models.TextChoices):
    """The colour of a programme: the value names its CSS class."""

    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
    RED = "red", _("Red")
    BLACK = "black", _("Black")
    PLUM = "net", _("Plum")
    AMBER = "future", _("Amber")
    TEAL = "fellow", _("Teal")


class Role(models.TextChoices):
    """What the one who asks for a programme leads."""

    FRONT_LINE = "front-line", _("lead a team close to patients")
    SERVICE = "service", _("lead other leaders")
    EMPLOYEE = "employee", _("do not lead yet, but am curious")


class Time(models.TextChoices):
    """For how long they have done so."""

    NEW = "new", _("am new in the organisation")
    BETWEEN = "between", _("have led for a few years")
    LONG = "long", _("have led for more than five years")


class Where(models.TextChoices):
    """Where they work."""

    REGION = "region", _("in Region Jönköping County")
    ELSEWHERE = "elsewhere", _("somewhere else")
    NON_PROFIT = "non-profit", _("in a non-profit organisation")
