"""The forms of signing in, with sentences that say what to do where a box was left empty."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as proofs
from django.utils.translation import gettext_lazy as _

ADDRESS: Final = _("Write your e-mail address at work.")
PASSWORD: Final = _("Write your password.")
CODE: Final = _("Write the code.")
NEW_PASSWORD: Final = _("Write the new password.")
ONCE_MORE: Final = _("Write the new password once more.")
SAY: Final = {
    "login": ADDRESS,
    "email": ADDRESS,
    "password": PASSWORD,
    "oldpassword": _("Write the password that you have now."),
    "code": CODE,
    "password1": NEW_PASSWORD,
    "password2": ONCE_MORE,
}
UNREADABLE: Final = {"login": ADDRESS, "email": ADDRESS}


class SaysWhatToDo:
    """For a form of django-allauth: an empty box is told by what to write in it."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in SAY:
                field.error_messages["required"] = SAY[name]
            if name in UNREADABLE:
                field.error_messages["invalid"] = UNREADABLE[name]


def _saying(form: type[Any]) -> type[Any]:
    """The same form of django-allauth, which says what to do."""
    return type(form.__name__, (SaysWhatToDo, form), {})


# Named in the settings ACCOUNT_FORMS and MFA_FORMS.
LoginForm = _saying(account.LoginForm)
RequestLoginCodeForm = _saying(account.RequestLoginCodeForm)
ConfirmLoginCodeForm = _saying(account.ConfirmLoginCodeForm)
ResetPasswordForm = _saying(account.ResetPasswordForm)
ResetPasswordKeyForm = _saying(account.ResetPasswordKeyForm)
ChangePasswordForm = _saying(account.ChangePasswordForm)
SetPasswordForm = _saying(account.SetPasswordForm)
ReauthenticateForm = _saying(account.ReauthenticateForm)
SecondProofForm = _saying(proofs.AuthenticateForm)
SecondProofAgainForm = _saying(proofs.ReauthenticateForm)
