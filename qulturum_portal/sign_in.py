"""How accounts differ from what django-allauth does by itself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by managers: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
