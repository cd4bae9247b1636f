"""When a programme of ours meets, and who of us is asked to help there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import scheduling, words
from visits.admin.others import DeskAdmin, TakenTimeAdmin
from visits.admin.queue.wanted import number
from visits.choices import AskState
from visits.forms.fields import ModelChoicesField, TextField, let_choose, let_choose_rows
from visits.models import Facilitator, Gathering, GatheringAsk, User
from visits.scheduling import gatherings

TIMES: Final = ("day", "starts", "ends")
MOVES: Final = (*TIMES, "site")  # what makes it another gathering to whoever helps
ASKED: Final = gettext_lazy("Asked by e-mail: %(names)s.")
LET_OFF: Final = gettext_lazy("Let off, and told by e-mail: %(names)s.")
CALLED_OFF: Final = gettext_lazy("“%(gathering)s” is called off. Nobody was to help.")
CALLED_OFF_AND_TOLD: Final = gettext_lazy("“%(gathering)s” is called off. Told by e-mail: %(names)s.")


class GatheringForm(forms.ModelForm[Gathering]):
    """Who helps is ticked here, and is asked; whoever is taken then is told by name."""

    people = ModelChoicesField(
        Facilitator.objects.none(), label=gettext_lazy("Who is asked to help"), required=False,
        help_text=gettext_lazy(
            "Each of them is asked by e-mail and says yes or no; a yes stands in their calendar. Whoever you untick is "
            "let off, and told."
        ),
    )  # fmt: skip
    with_it = TextField(
        label=gettext_lazy("What you write to them"), required=False, max_length=500, rows=3,
        help_text=gettext_lazy("Goes with the question to whoever is asked now."),
    )  # fmt: skip

    class Meta:
        model = Gathering
        fields: Any = "__all__"
        labels: ClassVar[dict[str, Any]] = {
            "words_en": gettext_lazy("What it is called, in English"),
            "words_sv": gettext_lazy("What it is called, in Swedish"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = list(self.instance.asks.order_by("pk")) if self.instance.pk else []
        self.live = {ask.facilitator_id for ask in asks if ask.state in (AskState.ASKED, AskState.ACCEPTED)}
        known = Facilitator.objects.filter(Q(pk__in=gatherings.helpers().values("pk")) | Q(pk__in=self.live))
        order = ("user__first_name", "user__last_name", "pk")
        people = known.select_related("user").order_by(*order)
        answers = {ask.facilitator_id: _answer(ask) for ask in asks}
        let_choose_rows(self, "people", people)
        let_choose(self, "people", [(one.pk, _named(one, answers.get(one.pk, ""))) for one in people])
        self.initial["people"] = sorted(self.live)

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or self.cleaned_data)
        if all(typed.get(name) for name in TIMES) and typed["ends"] > typed["starts"]:
            wanted = Gathering(pk=self.instance.pk, **{name: typed.get(name) for name in MOVES})
            people = typed.get("people") or []
            for told in gatherings.in_the_way(wanted, people):
                self.add_error("people", ValidationError(told, code="taken"))
            for told in gatherings.guests_only(wanted, people):
                self.add_error("people", ValidationError(told, code="guests_only"))
            if wanted.ends_at <= timezone.now() and any(one.pk not in self.live for one in people):
                self.add_error(
                    "people", ValidationError(_("It is over, so nobody can be asked any more."), code="over")
                )
        return typed


def _named(person: Facilitator, answer: str) -> str:
    return f"{person} ({answer})" if answer else str(person)


def _answer(ask: GatheringAsk) -> str:
    """What somebody has answered, beside their name; nothing for whoever was let off."""
    if ask.state == AskState.ASKED and ask.answer_by:
        return _("asked, answers by %(day)s") % {"day": words.short_day(ask.answer_by)}
    return {
        AskState.ACCEPTED: _("has said yes"),
        AskState.DECLINED: _("has said no"),
        AskState.EXPIRED: _("did not answer"),
    }.get(AskState(ask.state), "")


@admin.register(Gathering)
class GatheringAdmin(TakenTimeAdmin):
    """When a programme of ours meets and needs people: shown in the season calendar."""

    form = GatheringForm
    delete_confirmation_template = "admin/visits/gathering/call_off.html"
    list_display = ["day", "starts", "ends", "programme", "helping", "words_en"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["programme__name_en", "programme__name_sv", "words_en", "words_sv"]
    readonly_fields = ["is_demo"]
    formfield_overrides = DeskAdmin.formfield_overrides | {
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many help, and how many are asked."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return scheduling.counted(rows)

    @admin.display(description=gettext_lazy("who helps"))
    def helping(self, gathering: Gathering) -> str:
        return gatherings.helped_words(gathering)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        """The gathering, and who is asked to help, at its time as it is now."""
        super().save_model(request, obj, form, change)
        if not isinstance(obj, Gathering) or not isinstance(request.user, User):
            return
        if change and set(MOVES) & set(form.changed_data):
            Gathering.objects.filter(pk=obj.pk).update(sequence=F("sequence") + 1)
        people, live = form.cleaned_data["people"], getattr(form, "live", ())
        told = scheduling.ask_people(obj, people, by=request.user, with_it=form.cleaned_data["with_it"])
        self._say_who_is_told(request, told)
        self._say_what_they_chose(request, obj, [one for one in people if one.pk not in live])

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To delete one is to call it off: before it is done, the page names who is told."""
        told = GatheringAsk.objects.live().filter(gathering=number(object_id)).order_by("pk")
        context = {"told": told.select_related("facilitator__user"), "title": _("Call the gathering off")}
        return super().delete_view(request, object_id, context | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Everybody who was asked, or helps, is told."""
        if isinstance(obj, Gathering):
            told = scheduling.call_off(obj)
            said = {"gathering": obj.words, "names": ", ".join(one.name for one in told)}
            self.message_user(request, (CALLED_OFF_AND_TOLD if told else CALLED_OFF) % said, messages.SUCCESS)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Back to the list; what was done has been said."""
        return redirect("admin:visits_gathering_changelist")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for several."""
        for one in Gathering.objects.filter(pk__in=[row.pk for row in queryset]):
            self.delete_model(request, one)

    def _say_who_is_told(self, request: HttpRequest, told: gatherings.Told) -> None:
        for people, said in ((told.asked, ASKED), (told.let_off, LET_OFF)):
            if people:
                names = ", ".join(one.name for one in people)
                self.message_user(request, said % {"names": names}, messages.SUCCESS)

    def _say_what_they_chose(self, request: HttpRequest, gathering: Gathering, asked: Collection[Facilitator]) -> None:
        """For whom it is more than they chose for themselves: they are asked all the same, as for sessions."""
        found = scheduling.beyond_with(asked, gathering.starts_at, gathering.ends_at)
        for person in asked:
            if person.pk in found:
                told = _("%(name)s is asked all the same: %(why)s.")
                why = found[person.pk].words
                self.message_user(request, told % {"name": person.name, "why": why}, level=messages.WARNING)
