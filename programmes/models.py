"""The catalogue: what guests can learn about, in English and Swedish.

The texts are loaded from `programmes/catalogue/` and then edited by staff; see
`programmes.loading`. Texts «a line at a time» are cut by `programmes.text`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes import text
from programmes.choices import Colour, Level, Method, Where
from programmes.eligibility import is_well_formed


def check_years(value: str) -> None:
    """Refuse what `text.parse_years` cannot read."""
    try:
        text.parse_years(value)
    except ValueError:
        raise ValidationError(
            _("Write years like 2006–2012, 2004, 2007 or 1997– (still going on), the oldest first."),
            code="years",
        ) from None


def check_methods(value: Any) -> None:
    """Refuse anything but a list of known methods."""
    if not isinstance(value, list) or any(word not in Method.values for word in value):
        raise ValidationError(_("Choose methods from the list."), code="methods")


def check_eligibility(value: Any) -> None:
    """Refuse rules that `eligibility.fits` cannot read."""
    if not is_well_formed(value):
        raise ValidationError(
            _("Write a list of rules, each with role, time or where and the answers that fit."),
            code="eligibility",
        )


class Entry(models.Model):
    """One thing in the catalogue. Its slug is its address and never changes."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("in one line"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("Guests see it only while this is ticked.")
    )
    loaded = models.JSONField(default=dict, blank=True, editable=False)
    """Field by field, what the catalogue file last put there: what differs was edited."""
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    """When the row was last saved; `programmes.snapshot` looks at it, so save, do not update."""

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def basket_key(self) -> str:
        """How the basket names this entry: «kind:slug»."""
        return f"{self._meta.model_name}:{self.slug}"


class Programme(Entry):  # type: ignore[django-manager-missing]  # modeltranslation makes it later
    """A programme that people take part in: Green, the Fellowship and so on."""

    where = models.CharField(_("for people who work"), max_length=12, choices=Where, default=Where.REGION)
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.PLUM)
    ladder_step = models.PositiveSmallIntegerField(
        _("step on the ladder"),
        null=True,
        blank=True,
        help_text=_("0 is the ground in front of the ladder. Leave empty beside the ladder."),
    )
    audience = models.CharField(_("for whom"), max_length=200)
    rung = models.CharField(_("for whom, in a few words"), max_length=80, blank=True)
    lead = models.TextField(_("opening"))
    about = models.TextField(_("what it is about"), blank=True)
    themes = models.TextField(_("themes"), blank=True, help_text=_("One a line: title | explanation"))
    facts = models.TextField(_("facts"), blank=True, help_text=_("One a line: what | answer"))
    year_heading = models.CharField(_("heading of how it goes"), max_length=80, blank=True)
    year = models.TextField(_("how it goes"), blank=True, help_text=_("One a line: when | title | explanation"))
    tracks = models.TextField(_("tracks"), blank=True, help_text=_("One a line: title | explanation"))
    aims = models.TextField(_("what one takes home"), blank=True, help_text=_("One a line: title | explanation"))
    expectations = models.TextField(_("what we expect"), blank=True, help_text=_("One a line."))
    visitors = models.CharField(_("as a visitor"), max_length=120, blank=True)
    visitors_text = models.TextField(_("as a visitor, explained"), blank=True)
    eligibility = models.JSONField(_("who it suits"), default=list, blank=True, validators=[check_eligibility])

    class Meta(Entry.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme", args=[self.slug])

    @property
    def icon(self) -> str:
        """The drawing that stands for a programme which has no number on the ladder."""
        icons = {Colour.PLUM: "swap", Colour.AMBER: "arrow"}
        return icons.get(Colour(self.colour), "people")

    @property
    def theme_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.themes, 2)

    @property
    def fact_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.facts, 2)

    @property
    def year_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.year, 3)

    @property
    def track_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.tracks, 2)

    @property
    def aim_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.aims, 2)

    @property
    def expectation_lines(self) -> list[str]:
        return text.lines(self.expectations)


class Initiative(Entry):
    """One of the co-production initiatives, with the years it has gone on."""

    years = models.CharField(
        _("years"),
        max_length=80,
        validators=[check_years],
        help_text=_("Like 2006–2012, or 2004, 2007, or 1997– while it goes on."),
    )
    methods = models.JSONField(_("methods"), default=list, blank=True, validators=[check_methods])
    level = models.CharField(
        _("level"),
        max_length=8,
        choices=Level,
        blank=True,
        help_text=_("Only when a source says so."),
    )

    class Meta(Entry.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")

    def get_absolute_url(self) -> str:
        return f"{reverse('programmes:initiatives')}#{self.slug}"

    @property
    def periods(self) -> tuple[text.Period, ...]:
        """When it went on, the oldest first; the last may have no end."""
        return text.parse_years(self.years)

    @property
    def years_in_words(self) -> str:
        """«since 1997», «2006–2012», «2013–2014 and 2015»."""
        *others, last = [_in_words(period) for period in self.periods]
        if not others:
            return last
        return gettext("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}

    @property
    def method_choices(self) -> list[Method]:
        return [Method(word) for word in self.methods]


def _in_words(period: text.Period) -> str:
    if period.last is None:
        return gettext("since %(first)s") % {"first": period.first}
    return str(period.first) if period.first == period.last else f"{period.first}–{period.last}"


class Area(Entry):  # type: ignore[django-manager-missing]  # modeltranslation makes it later
    """An area of interest that guests usually ask about."""

    lead = models.TextField(_("opening"))
    heading = models.CharField(_("heading of the steps"), max_length=80, blank=True)
    steps = models.TextField(_("steps"), blank=True, help_text=_("One a line: title | explanation"))
    about = models.TextField(_("more about it"), blank=True)
    questions = models.TextField(
        _("what we would like to learn from guests"),
        blank=True,
        help_text=_("One question a line, the same number in each language."),
    )
    initiatives = models.ManyToManyField(
        Initiative, verbose_name=_("initiatives with a story"), blank=True, related_name="areas"
    )
    goes_with = models.ManyToManyField("self", verbose_name=_("goes well with"), blank=True, symmetrical=False)

    class Meta(Entry.Meta):
        verbose_name = _("area of interest")
        verbose_name_plural = _("areas of interest")

    def get_absolute_url(self) -> str:
        return reverse("programmes:area", args=[self.slug])

    @property
    def step_rows(self) -> list[tuple[str, ...]]:
        return text.rows(self.steps, 2)

    @property
    def question_keys(self) -> list[tuple[str, str]]:
        """Each question with the name that the basket gives it."""
        asked = enumerate(text.lines(self.questions), start=1)
        return [(f"question:{self.slug}-{number}", question) for number, question in asked]


class Offering(Entry):
    """Something in an area that guests can see, try or talk about."""

    area = models.ForeignKey(
        Area, verbose_name=_("area of interest"), on_delete=models.PROTECT, related_name="offerings"
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offerings",
        help_text=_("When the offering is to meet one of our programmes."),
    )
    access = models.CharField(_("how guests meet it"), max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=60)
    takes = models.PositiveSmallIntegerField(
        _("guests at a time"), null=True, blank=True, help_text=_("Larger groups come in turns. Empty: any number.")
    )

    class Meta(Entry.Meta):
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")

    def get_absolute_url(self) -> str:
        return f"{self.area.get_absolute_url()}#{self.slug}"

    @property
    def basket_key(self) -> str:
        """A programme is the same wish wherever the guest meets it."""
        return self.programme.basket_key if self.programme else super().basket_key
