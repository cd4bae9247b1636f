"""The ladder of reminders: when each goes and what it says, with a look at the words before they are kept.

Whoever adds one says first what it is counted from: the days, the states and the blanks follow from that.
"""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits import anchors, words
from visits.admin.others import DeskAdmin
from visits.choices import Anchor, RequestState
from visits.forms.fields import MultipleChoiceField
from visits.letters.letter import Paragraph, Run
from visits.letters.worded import words_of
from visits.models import ReminderRung

COUNTED: Final = "counted"  # in the address of the page that adds one: what it is counted from
WORDS = ("subject_en", "text_en", "subject_sv", "text_sv")
_ADD: Final = gettext_lazy("Add a reminder")


class ReminderRungForm(forms.ModelForm[ReminderRung]):
    """States are ticked among those in which it makes sense, and beside the words stands what is filled in.

    `adds` is what one more is counted from.
    """

    adds = Anchor.VISIT
    states = MultipleChoiceField(label=gettext_lazy("Only in these states"), required=False)

    class Meta:
        model = ReminderRung
        fields: Any = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance = ReminderRung.own(self.adds)
            self.initial.setdefault("states", self.instance.states)
        about, anchor = self.instance.about, Anchor(self.instance.anchor)
        if "days" not in self.fields:  # who may only look has no boxes
            return
        choices = [(state.value, state.label) for state in map(RequestState, about.states)]
        cast("MultipleChoiceField", self.fields["states"]).choices = choices
        if not choices:
            del self.fields["states"]
        after = _("So many days after this: %(what)s.") if about.after else _("So many days before this: %(what)s.")
        self.fields["days"].help_text = after % {"what": anchor.label}
        if self.instance.is_own:
            self.fields["days"].help_text += f" {about.to}"
        if anchor == Anchor.ASK:
            for name in ("subject_en", "subject_sv"):
                self.fields[name].help_text = _(
                    "Where several wait on one morning, one mail lists them under a subject of its own."
                )
        for name in ("text_en", "text_sv"):
            self.fields[name].help_text = _("What is filled in: %(named)s. *Stars* make bold.") % {
                "named": anchors.named(anchor)
            }


@admin.register(ReminderRung)
class ReminderRungAdmin(DeskAdmin):
    """A reminder follows its row at once; what waits to leave is looked at once more when it leaves.

    One more can be added to most of what reminders are counted from. None is deleted, for its mails name
    it: it is put out.
    """

    form = ReminderRungForm
    change_form_template = "desk/reminder_form.html"
    list_display = ["subject", "counted", "is_on"]
    list_filter = ["is_on"]
    fields = ("is_on", "days", "states", *WORDS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Without the ticks of states for a reminder that depends on none."""
        return [name for name in self.fields if name != "states" or obj is None or obj.about.states]

    def get_form(
        self, request: HttpRequest, obj: ReminderRung | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            return form
        return type(form.__name__, (form,), {"adds": _counted_from(request) or Anchor.VISIT})

    @admin.display(description=gettext_lazy("when"))
    def counted(self, rung: ReminderRung) -> str:
        return when(rung)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; asked to show the words it keeps nothing, and shows them above what was typed."""
        if object_id is None:
            if _counted_from(request) is None and self.has_add_permission(request):
                return self._choose(request)
            extra_context = {"title": _ADD} | _adding(request) | (extra_context or {})
        if request.method != "POST" or "_preview" not in request.POST:
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except IntegrityError:  # a colleague took the day in the same moment: read once more, it says so
                return super().changeform_view(request, object_id, form_url, extra_context)
        rung = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, rung) if object_id else self.has_add_permission(request)
        if not may or (object_id and rung is None):
            return super().changeform_view(request, object_id, form_url, extra_context)
        form = self.get_form(request, rung, change=rung is not None)(request.POST, instance=rung)
        shown = [_as_read(form.instance, language) for language in ("en", "sv")] if form.is_valid() else []
        return self.render_change_form(
            request, self._typed(request, form, rung) | {"mails": shown}, add=rung is None, change=rung is not None,
            obj=rung,
        )  # fmt: skip

    def _choose(self, request: HttpRequest) -> HttpResponse:
        """What one more may be counted from, each with whom it goes to."""
        rows = [{"anchor": anchor, "to": anchors.TABLE[anchor].to} for anchor in anchors.OWN]
        context = {"title": _ADD, "opts": self.opts, "rows": rows, "named": COUNTED}
        return render(request, "desk/reminder_anchors.html", self.admin_site.each_context(request) | context)

    def _typed(self, request: HttpRequest, form: Any, rung: ReminderRung | None) -> dict[str, Any]:
        """What Django's own page of a form needs, with what was typed."""
        there: Any = helpers.AdminForm(
            form,
            cast("Any", list(self.get_fieldsets(request, rung))),
            {},
            self.get_readonly_fields(request, rung),
            model_admin=self,
        )
        return self.admin_site.each_context(request) | {
            **({} if rung else _adding(request)),
            "title": str(rung) if rung else _ADD,
            "adminform": there,
            "object_id": rung.pk if rung else None,
            "original": rung,
            "is_popup": False,
            "to_field": None,
            "media": self.media + there.media,
            "inline_admin_formsets": [],
            "errors": helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
        }


def _counted_from(request: HttpRequest) -> Anchor | None:
    """What one more is to be counted from, as the address of the page says; None while it is not chosen."""
    return next((anchor for anchor in anchors.OWN if anchor == request.GET.get(COUNTED)), None)


def _adding(request: HttpRequest) -> dict[str, Any]:
    anchor = _counted_from(request)
    return {"counted_from": anchor.label if anchor else ""}


def when(rung: ReminderRung) -> str:
    """How far from what a reminder goes, in words."""
    if not rung.days:
        return _("on the day itself: %(what)s") % {"what": Anchor(rung.anchor).label}
    days = ngettext("%(count)d day", "%(count)d days", rung.days) % {"count": rung.days}
    sentence = _("%(days)s after %(what)s") if rung.about.after else _("%(days)s before %(what)s")
    return sentence % {"days": days, "what": Anchor(rung.anchor).label}


def _as_read(rung: ReminderRung, language: str) -> dict[str, Any]:
    """A reminder as somebody made up reads it. What stands in a part is told, and not made up."""
    with translation.override(language):
        parts = {
            name: [Paragraph((Run(_("[Here stands: %(what)s]") % {"what": told}),))]
            for name, told in anchors.PARTS.items()
        }  # fmt: skip
        subject, blocks = words_of(rung, _made_up(), parts)
        return {
            "subject": subject,
            "blocks": blocks,
            "language": language,
            "greeting": _("Dear %(name)s,") % {"name": "Aileen"},
        }


def _made_up() -> dict[str, str]:
    today = timezone.localdate()
    return {
        "name": "Aileen",
        "contact": "Aileen Munro",
        "organisation": "Tayford General Hospital",
        "reference": "CL-26-014",
        "host": "Maja Lindqvist",
        "colleague": "Maja Lindqvist",
        "day": words.weekday(today),
        "days": words.day_range(today, today),
        "left": ngettext("%(count)d week", "%(count)d weeks", 4) % {"count": 4},
        "place": "Qulturum",
        "session": words.short_day(today),
        "passed": ngettext("%(count)d month", "%(count)d months", 3) % {"count": 3},
    }
