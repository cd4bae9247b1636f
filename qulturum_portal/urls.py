"""Every address: pages in English at the root and in Swedish under /sv/, the desk in the admin."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from qulturum_portal import health
from qulturum_portal.sign_in import closed

handler400 = "qulturum_portal.errors.bad_request"
handler403 = "qulturum_portal.errors.forbidden"
handler404 = "qulturum_portal.errors.not_found"
handler500 = "qulturum_portal.errors.server_error"

# There is one way to sign in: the admin's own page knows no second factor and no rate limit.
sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

ours = [name for name in ("programmes.urls", "visits.urls") if find_spec(name)]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *i18n_patterns(
        *(path("", include(name)) for name in ours),
        path("account/email/", closed, name="account_closed_email"),
        path("account/confirm-email/", closed, name="account_closed_confirm"),
        path("account/confirm-email/<str:key>/", closed, name="account_closed_confirm_key"),
        path("account/", include("allauth.urls")),
        path("admin/login/", sign_in, name="admin_sign_in"),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
