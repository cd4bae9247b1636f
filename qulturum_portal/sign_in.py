"""How accounts differ from what django-allauth does by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import Permission
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from visits.models import User
from visits.models.kept import Kept

WRONG_CODE = _("That is not the code. Look once more, or ask for a new one.")
MOST_PEOPLE: Final = 128  # at work at the same time, whose questions are kept
TOO_MANY = _("That was many tries. Wait five minutes and try again.")


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by managers: nobody signs up, and errors say what to do."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. A manager at Qulturum can open it again."),
        "email_password_mismatch": _("Address and password do not fit together. Try again, or ask for a code."),
        "enter_current_password": _("Write the password that you have now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That is not your password. Try again, or ask for a code."),
        "invalid_or_expired_key": _("This link has been used. We can send you a new one."),
        "invalid_login": _("Write your e-mail address at work."),
        "invalid_password_reset": _("This link has been used. We can send you a new one."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one's work is: the queue, or one's own week."""
        if request.user.is_staff:
            return reverse("admin:index")
        return reverse("visits:schedule" if getattr(request.user, "facilitator", None) else "mfa_index")


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second proof, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}


def closed(request: HttpRequest, **kwargs: str) -> NoReturn:
    """An address of django-allauth that the portal has no use for: staff’s addresses are kept by managers."""
    raise Http404


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]
    """Accounts of the demo season have a password that everybody knows, so production refuses them.

    Django asks again at each request, so a session begun in development ends as well.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(super().user_can_authenticate(user)) and (settings.DEBUG or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
        """Who is signed in, read anew; None for whoever may not sign in any more."""
        found = _account(int(user_id)).ask()
        return found[0] if found and self.user_can_authenticate(found[0]) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What an account may, by its groups and by itself: as Django has it, in one query instead of two."""
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser:
            return set(super().get_all_permissions(user_obj, obj))
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {f"{app}.{name}" for app, name in _allowed(user_obj.pk).ask()}
        found: set[str] = user_obj._perm_cache
        return found


@lru_cache(MOST_PEOPLE)
def _account(pk: int) -> Kept[User]:
    # Whether somebody leads sessions is asked on most pages of theirs.
    return Kept(User.objects.select_related("facilitator").filter(pk=pk))


@lru_cache(MOST_PEOPLE)
def _allowed(pk: int) -> Kept[tuple[str, str]]:
    """What an account may, by its groups and by itself: pairs of an app and a permission."""
    named = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    return Kept(named.filter(group__user=pk).union(named.filter(user=pk)))
