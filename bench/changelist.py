"""A plain Django admin over the portal's own table of requests, as a site: what the queue is measured against.

Middleware, sessions and accounts are those that `startproject` makes; its table of accounts is made beside ours.
"""

from __future__ import annotations

import os

import django_stubs_ext
import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bench import plain

database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
database |= {"CONN_MAX_AGE": 60}
settings.configure(
    **plain.SETTINGS,
    ROOT_URLCONF="bench.asked",
    STATIC_URL="/static/",
    DATABASES={"default": database},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.admin",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django_stubs_ext.monkeypatch()  # lets code say ModelAdmin[Asked]
application = get_wsgi_application()
