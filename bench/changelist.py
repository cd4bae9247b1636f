"""A plain Django admin over the portal's own table of requests, as a site: what the queue is measured against."""

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
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.admin",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "bench.asked.signed_in",
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
