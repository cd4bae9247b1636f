"""Mail going out, at the desk: one page to read, and one press for each thing that staff decide about a mail."""

from __future__ import annotations

from typing import Any, Final, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from visits import letters, outbox
from visits.admin import outgoing
from visits.admin.others import ReadOnlyAdmin
from visits.admin.site import desk_context
from visits.forms.outbox import MailForm
from visits.models import Message, User
from visits.outbox import MailRefused
from visits.outbox.names import name_of

CHANGE: Final = "visits.change_message"
UNREADABLE: Final = 422


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What leaves and has left the house."""

    fields = (
        "what", "about", "to_email", "to_name", "language", "subject", "state", "wrong", "queued_at", "due_at",
        "attempt", "deaths", "sent_at", "returned_at", "copies", "held_by", "held_at", "held_why", "key",
    )  # fmt: skip
    readonly_fields = ("what", "about", "wrong")

    @admin.display(description=gettext_lazy("what it is"))
    def what(self, message: Message) -> str:
        return name_of(message.kind)

    @admin.display(description=gettext_lazy("the visit"))
    def about(self, message: Message) -> str:
        """The request, with the way to it."""
        case = message.request
        return (
            format_html('<a href="{}">{}</a>', reverse("admin:visits_visitrequest_request", args=[case.pk]), case)
            if case
            else self.get_empty_value_display()
        )

    @admin.display(description=gettext_lazy("what went wrong"))
    def wrong(self, message: Message) -> str:
        """In the reader's language, as on the page of the mails."""
        return outgoing.Row(message).problem or self.get_empty_value_display()

    def get_urls(self) -> list[URLPattern]:
        press = self.admin_site.admin_view(require_POST(self.press))
        return [path("press/", press, name="visits_message_press"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _page(request, request.GET)

    def press(self, request: HttpRequest) -> HttpResponse:
        """Hold one mail, let it go, or say what became of it; then back to where it was pressed."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        form = MailForm(request.POST)
        if not form.is_valid():
            return _page(request, request.POST, refused=form)
        try:
            messages.success(request, _press(form.cleaned_data, cast("User", request.user)))
        except MailRefused as refusal:
            messages.warning(request, str(refusal))
        return redirect(
            f"{reverse('admin:visits_message_changelist')}?show={form.cleaned_data['show'] or outgoing.TABS[0][0]}"
        )


def _press(typed: dict[str, Any], by: User) -> str:
    """Do what was pressed; returns what is said. Raises MailRefused."""
    do, now = typed["do"], timezone.now()
    message = Message.objects.select_related("request", "participant", "ask__facilitator__user").filter(
        key=typed["key"]
    ).first()  # fmt: skip
    if message is None and do == "hold":
        mail = next((one for one in outgoing.foreseen(now) if one[0].key == typed["key"]), None)
        if mail is not None:
            outbox.hold_foreseen(mail, by=by, why=typed["why"])
            return _("It stands under “On hold” until somebody lets it go.")
    if message is None:
        raise MailRefused(_("This mail is not needed any more."))
    if do == "hold":
        outbox.hold(message, by=by, why=typed["why"])
        return _("It stands under “On hold” until somebody lets it go.")
    if do == "let_go":
        outbox.let_go(message, by=by, at=now)
        return _("It leaves when its time comes, if it is still true then.")
    if do == "arrived":
        outbox.arrived(message, by=by)
        return _("It counts as sent.")
    outbox.send_again(message, to_email=letters.address_now(message), by=by)
    return _("It leaves within a minute.")


def _page(request: HttpRequest, asked: QueryDict, refused: MailForm | None = None) -> HttpResponse:
    """The page; what was pressed and could not be read is said on it, with what was typed."""
    context = desk_context()
    shown = outgoing.shown(asked, context["counts"]) | {"refused": refused, "may_press": request.user.has_perm(CHANGE)}
    return render(request, "desk/outbox.html", context | shown, status=UNREADABLE if refused else 200)
