"""Who may have an account's session: not the people of the demo season, once DEBUG is off."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class PortalBackend(AuthenticationBackend):
    """Accounts of the demo season have a password that everybody knows, so production refuses them.

    Django asks again at each request, so a session begun in development ends as well.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(super().user_can_authenticate(user)) and (settings.DEBUG or not user.is_demo)
