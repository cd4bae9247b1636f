"""Django's own pages under the same guard as the desk's: who saves or deletes what a colleague has changed is asked.

`DeskSite.register` puts it over every admin class, also those of the catalogue and of the libraries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.admin import clash, links, numbered
from visits.forms import drawn
from visits.forms.drawn import Posted

DIGEST: Final = "row_as_shown"
SECRET: Final = ("password", "token", "secret", "key")
# One box for a moment and ticks for a few rows: Django's own pair of boxes has no labels.
LABELLED: Final[dict[type[models.Field[Any, Any]], dict[str, Any]]] = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}


class Guarded(admin.ModelAdmin[Any]):
    """An admin class whose pages carry what they were drawn from, and whose boxes all have labels."""

    formfield_overrides = LABELLED
    change_form_template = "admin/guarded_form.html"
    delete_confirmation_template = "admin/guarded_delete.html"
    delete_selected_confirmation_template = "admin/guarded_delete_selected.html"

    # -- Changing ----------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: models.Model | None = None,
    ) -> HttpResponse:  # fmt: skip
        if change and obj is not None:
            kept = request.POST.get(drawn.NAME) if request.method == "POST" else None
            context["drawn"] = kept or drawn.mark(_shown(_forms_in(context)))
        may_open = links.who_may_open(self.admin_site, request)
        context["adminform"] = links.Shown(context["adminform"], may_open)
        context["inline_admin_formsets"] = [links.Shown(one, may_open) for one in context["inline_admin_formsets"]]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:  # fmt: skip
        """The form; what comes back is first held beside the row as it stands, which is locked until it is saved."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = self._locked(unquote(object_id))
            if row is None or not self.has_change_permission(request, row):
                return super().changeform_view(request, object_id, form_url, extra_context)
            told_gone = self._leave_out_what_is_gone(request, row)
            answer = self._settle(request, row)
            if answer is not None:
                return answer
            answer = super().changeform_view(request, object_id, form_url, extra_context)
            if told_gone and answer.status_code == HTTPStatus.OK:
                answer.status_code = clash.CONFLICT
            return answer

    def _locked(self, pk: str) -> models.Model | None:
        try:
            # Without the key: somebody whose yes is just being written down need not wait for us, nor we for them.
            rows = self.model._default_manager.select_for_update(no_key=True)
            found: models.Model | None = rows.filter(pk=pk).first()
        except (ValueError, TypeError):
            return None  # no key of this table: the page says so itself
        return found

    def _settle(self, request: HttpRequest, row: models.Model) -> HttpResponse | None:
        """Put both sides into what was posted, or answer with the page on which somebody chooses."""
        before = drawn.read_mark(request.POST.get(drawn.NAME))
        several = list(self._fresh_forms(request, row))
        now = _shown(several)
        settled = clash.settle(several, request.POST, before, now)
        other = self._who_was_first(request, row)
        if settled.is_open or (settled.to_choose and "show_result" in request.POST):
            frame = self.admin_site.each_context(request)
            return clash.page(request, settled, other, back=request.get_full_path(), crumb=str(row), frame=frame)
        if settled.is_mixed:
            # The admin reads what was posted from the request alone, and its types take that for unchangeable.
            request.POST = cast("Any", settled.data)
            if kept_too := clash.told(settled, other):
                messages.info(request, kept_too)
        return None

    def _fresh_forms(self, request: HttpRequest, row: models.Model) -> Iterator[forms.BaseForm]:
        """The forms of the page as they would be drawn now."""
        yield self.get_form(request, row, change=True)(instance=row)
        for formset in self._fresh_formsets(request, row):
            yield from numbered.as_posted(formset, request.POST)

    def _fresh_formsets(self, request: HttpRequest, row: models.Model) -> Iterator[Any]:
        prefixes: dict[str, int] = {}
        for kind, _inline in self.get_formsets_with_inlines(request, row):
            prefix = kind.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            yield kind(instance=row, prefix=prefix if prefixes[prefix] == 1 else f"{prefix}-{prefixes[prefix]}")

    def _leave_out_what_is_gone(self, request: HttpRequest, row: models.Model) -> bool:
        """Pass over rows below that a colleague has taken away; whether one of them had something typed in it.

        That one is told: its form does not hold, so the page is shown with what was typed.
        """
        before = drawn.read_mark(request.POST.get(drawn.NAME))
        rows = [one for formset in self._fresh_formsets(request, row)
                for one in numbered.gone(formset, request.POST, before)]  # fmt: skip
        told = [one for one in rows if not one.may_be_left_out]
        if rows:
            data = request.POST.copy()
            numbered.leave_out(data, [one for one in rows if one.may_be_left_out])
            request.POST = cast("Any", data)
        for one in told:
            messages.error(request, _taken_away(one.name))
        return bool(told)

    def _who_was_first(self, request: HttpRequest, row: models.Model) -> clash.Other:
        last = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row, for_concrete_model=False), object_id=str(row.pk),
            action_flag=CHANGE,
        ).select_related("user").first()  # fmt: skip
        if last is None:
            return clash.Other("", None)
        return clash.Other(str(last.user), last.action_time, last.user_id == request.user.pk, last.user.email)

    # -- Deleting ----------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The question; when the row has changed since it was asked, it is asked again."""
        with transaction.atomic():
            row = self._locked(unquote(object_id))
            if row is None:
                return super().delete_view(request, object_id, extra_context)
            stands = digest([row])
            context = (extra_context or {}) | {"row_as_shown": stands}
            if request.method == "POST" and self.has_delete_permission(request, row):
                if request.POST.get(DIGEST) == stands:
                    return super().delete_view(request, object_id, context)
                other = self._who_was_first(request, row)
                messages.warning(request, _changed_since(other))
                request.POST = QueryDict()
            return super().delete_view(request, object_id, context)

    # -- Who changed what --------------------------------------------------------------

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Iterable[Any], add: bool = False
    ) -> list[dict[str, Any]]:
        """Django's own account of a change, with what each value was and is."""
        told: list[dict[str, Any]] = super().construct_change_message(request, form, formsets, add)
        if not add:
            several = [form, *(one for formset in formsets or () for one in formset.forms)]
            values = [line for one in several for line in drawn.differences(one, secret=SECRET)]
            for message in told:
                if "changed" in message:
                    message["changed"]["values"] = values
                    break
        return told


@admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
def delete_selected(
    admin_class: admin.ModelAdmin[Any], request: HttpRequest, chosen: QuerySet[Any]
) -> HttpResponse | None:
    """Django's own deed for several rows; when one of them has changed since it was asked, it is asked again."""
    with transaction.atomic():
        # By their keys alone: a list that counts or joins cannot be locked.
        keys = list(chosen.order_by().values_list("pk", flat=True))
        held = admin_class.model._default_manager.select_for_update(no_key=True)
        rows = list(held.filter(pk__in=keys).order_by("pk"))
        stands = digest(rows)
        sure = bool(request.POST.get("post"))
        if sure and request.POST.get(DIGEST) != stands:
            messages.warning(request, _several_changed())
            if not rows:
                return None
            request.POST = cast("Any", _without(request.POST, "post"))
        answer = actions.delete_selected(admin_class, request, chosen)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            answer.context_data[DIGEST] = stands
        return answer


def _without(posted: QueryDict, name: str) -> QueryDict:
    rest = posted.copy()
    rest.pop(name, None)
    return rest


def _several_changed() -> str:
    return _(
        "Something among these has changed since you asked to delete them, and nothing is deleted. "
        "Look at them as they are now, and ask once more."
    )


def _taken_away(name: str) -> str:
    told = _(
        "“%(name)s” has been taken away meanwhile. Nothing is saved yet, and what you wrote about it stands below: "
        "copy what is still wanted, and open the page anew."
    )
    return told % {"name": name}


def _changed_since(other: clash.Other) -> str:
    told = _("%(title)s: it has changed since you asked to delete it. Look at it as it is now, and ask once more.")
    return told % {"title": other.title}


def _forms_in(context: dict[str, Any]) -> Iterator[forms.BaseForm]:
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield from inline.formset.initial_forms


def _shown(several: Iterable[forms.BaseForm]) -> Posted:
    """What a browser would send of all of these if nobody touched them."""
    posted: Posted = {}
    for form in several:
        posted |= drawn.as_posted(form, drawn.shown_by(form))
    return posted


def digest(rows: Iterable[models.Model]) -> str:
    """The fingerprint of rows as they stand."""
    told = serializers.serialize("python", list(rows))
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]
