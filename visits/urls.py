"""Addresses of visits: each part adds its own lines under its heading."""

from __future__ import annotations

from django.urls import path

from visits.views import about, public

app_name = "visits"

urlpatterns = [
    # the two pages that everybody meets first
    path("", public.home, name="home"),
    path("co-learning/", public.co_learning, name="co_learning"),
    # about the portal
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("getting-here/", about.getting_here, name="getting_here"),
    path("theme/", about.theme, name="theme"),
]
