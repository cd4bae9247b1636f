"""All settings, from environment variables with safe defaults (docs/operations.md lists them).

Without any variable the portal refuses to start: development says `DEBUG=1` (`make run` does),
production gives a `SECRET_KEY`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from qulturum_portal import countries
from qulturum_portal.logs import logging_config

django_stubs_ext.monkeypatch()  # lets code say ModelAdmin[VisitRequest]

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- Kind of run -------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-key-never-used-outside" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text, or DEBUG=1 for development on your own machine.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

VAR = Path(env.str("QULTURUM_VAR", default=str(BASE_DIR / "var")))  # everything that a run writes
(VAR / "static").mkdir(parents=True, exist_ok=True)

PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [urlsplit(SITE_URL).hostname or ""],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- What Qulturum has decided about its own work ----------------------------------------------
QULTURUM_WEEK_CAPACITY = env.int("QULTURUM_WEEK_CAPACITY", default=3)  # visits a week
# A day of a programme ought to be dialogue for at least this part of its time, in percent.
QULTURUM_DIALOGUE_SHARE = env.int("QULTURUM_DIALOGUE_SHARE", 40)
# Days before the first day until which guests move, or call off, an agreed visit themselves.
QULTURUM_MOVE_UNTIL_DAYS = env.int("QULTURUM_MOVE_UNTIL_DAYS", default=28)
QULTURUM_CANCEL_UNTIL_DAYS = env.int("QULTURUM_CANCEL_UNTIL_DAYS", default=7)
# Minutes that somebody is taken to read a request after the last page of it that they opened.
QULTURUM_READING_MINUTES = env.int("QULTURUM_READING_MINUTES", default=10)
QULTURUM_UNDO_MINUTES = env.int("QULTURUM_UNDO_MINUTES", default=10)  # that a decision can be taken back; 0 = none
# Two requests of so many points, of 100, or more are probably one visit: staff are asked.
QULTURUM_SAME_VISIT = env.int("QULTURUM_SAME_VISIT", default=60)
# Hours a week that one facilitator usually has for guests: what a yes leaves is counted from it.
QULTURUM_FACILITATOR_HOURS = env.int("QULTURUM_FACILITATOR_HOURS", default=6)
# Whether a session of a confirmed visit goes from one colleague to another without the coordinator.
QULTURUM_SWAPS_BY_THEMSELVES = env.bool("QULTURUM_SWAPS_BY_THEMSELVES", default=False)
# Facilitators' own calendars are read from this machine and its network too, and without https: never in production.
QULTURUM_LOCAL_CALENDARS = env.bool("QULTURUM_LOCAL_CALENDARS", default=False)
QULTURUM_CONTACT_EMAIL = env.str("QULTURUM_CONTACT_EMAIL", default="colearning@qulturum.example")
# Guests read it on the days of their visit when their host does not answer; empty: it is not shown.
QULTURUM_FRONT_DESK_PHONE = env.str("QULTURUM_FRONT_DESK_PHONE", default="")

# Where the sheet of a visit goes by mail, with what its guests eat; empty: it is printed and never mailed.
QULTURUM_KITCHEN_EMAIL = env.str("QULTURUM_KITCHEN_EMAIL", default="kitchen@qulturum.example" if DEBUG else "")
QULTURUM_KITCHEN_LANGUAGE = env.str("QULTURUM_KITCHEN_LANGUAGE", default="sv")

# --- Applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "visits.apps.VisitsConfig",
    "programmes.apps.ProgrammesConfig",
    "modeltranslation",  # before the admin, as its documentation asks
    "visits.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_countries",
    "django_htmx",
    "phonenumber_field",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qulturum_portal.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qulturum_portal.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "qulturum_portal.middleware.ReadableTextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qulturum_portal.middleware.PrivatePagesMiddleware",
    "qulturum_portal.middleware.NeedsAPressMiddleware",
    "qulturum_portal.middleware.AudienceMiddleware",
    "qulturum_portal.middleware.AsKnownOutsideMiddleware",
]

ROOT_URLCONF = "qulturum_portal.urls"
WSGI_APPLICATION = "qulturum_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programmes.context_processors.basket",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database ----------------------------------------------------------------------------------
database = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")
if database["ENGINE"] == "django.db.backends.sqlite3":
    # A write takes its lock when the transaction begins: two writers queue instead of failing.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Read through the memory of the machine: what a page needs of a large file is not copied piece by piece.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA mmap_size=268435456",
    }
    # Threads need a database in a file; each run of the tests has its own.
    database["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"qulturum-test-{os.getpid()}.sqlite3")}
else:
    database["CONN_HEALTH_CHECKS"] = True
    database["OPTIONS"] = {"connect_timeout": 5}
# A thread keeps its connection: to open one anew costs more than most pages, on SQLite too.
database["CONN_MAX_AGE"] = 60
DATABASES: dict[str, dict[str, Any]] = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache --------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost/")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=60.0)
PLAN_SECONDS = 5.0
CELERY_BEAT_SCHEDULE = {
    # A tick that waited a minute is worth nothing: the next one does its work.
    "sweep": {"task": "visits.tasks.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    # In a queue of its own: a search that takes minutes keeps no mail waiting.
    "plans": {
        "task": "visits.plan_tasks.work_plans",
        "schedule": PLAN_SECONDS,
        "options": {"expires": PLAN_SECONDS, "queue": "plans"},
    },
    "calendars": {
        "task": "visits.tasks.read_calendars",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "nightly": {"task": "visits.tasks.nightly", "schedule": crontab(hour="1", minute="10")},
}
# Two portals can share one Redis when their names in it begin differently.
REDIS_PREFIX = env.str("REDIS_PREFIX", default="")
BROKER_FOLDER = VAR / "broker"
if CELERY_BROKER_URL.startswith("filesystem:"):
    for folder in ("queue", "processed", "control"):
        (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "processed_folder": str(BROKER_FOLDER / "processed"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "global_keyprefix": REDIS_PREFIX}

# Rate limits count in the cache, so it is one that all processes share.
redis_broker = CELERY_BROKER_URL if CELERY_BROKER_URL.startswith(("redis:", "rediss:")) else ""
CACHE_URL = env.str("CACHE_URL", default=redis_broker)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": f"{REDIS_PREFIX}qulturum",
    }
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 1000},
    }
}

# --- Languages and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sv", _("Swedish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "qulturum_portal.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# --- Signing in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "visits.User"
AUTHENTICATION_BACKENDS = ["qulturum_portal.sign_in.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "visits:home"
LOGOUT_REDIRECT_URL = "visits:home"  # in the language that one read
ACCOUNT_ADAPTER = "qulturum_portal.sign_in.StaffAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by staff, who know the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or proof is told to its owner
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "qulturum_portal.sign_in_forms.LoginForm",
    "request_login_code": "qulturum_portal.sign_in_forms.RequestLoginCodeForm",
    "confirm_login_code": "qulturum_portal.sign_in_forms.ConfirmLoginCodeForm",
    "reset_password": "qulturum_portal.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "qulturum_portal.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "qulturum_portal.sign_in_forms.ChangePasswordForm",
    "set_password": "qulturum_portal.sign_in_forms.SetPasswordForm",
    "reauthenticate": "qulturum_portal.sign_in_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "qulturum_portal.sign_in_forms.SecondProofForm",
    "reauthenticate": "qulturum_portal.sign_in_forms.SecondProofAgainForm",
}
MFA_ADAPTER = "qulturum_portal.sign_in.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody can sign up with somebody else's address
MFA_TOTP_ISSUER = "Qulturum"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# --- Mail --------------------------------------------------------------------------------------
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)  # seconds that a mail server may keep silent
# Seconds for which a sender has a mail to itself; a mail is not handed over when the answer could come later.
QULTURUM_LEASE_SECONDS = env.int("QULTURUM_LEASE_SECONDS", default=60)
EMAIL_FILE_PATH = str(VAR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Qulturum <{QULTURUM_CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where returned mail goes: the address that mail servers are told, and the mailbox in which it arrives.
QULTURUM_BOUNCE_EMAIL = env.str("QULTURUM_BOUNCE_EMAIL", default="")
QULTURUM_BOUNCES = env.str("QULTURUM_BOUNCES", default="")
# The mailbox into which the relay copies each mail that it takes, or a class of yours that knows.
QULTURUM_RELAY_JOURNAL = env.str("QULTURUM_RELAY_JOURNAL", default="")
# Minutes after which a copy that is not there will not come any more.
QULTURUM_RELAY_JOURNAL_MINUTES = env.int("QULTURUM_RELAY_JOURNAL_MINUTES", default=5)
# Hours in Stockholm between which mail that nobody's deed has caused waits; the same twice: none.
QULTURUM_QUIET_FROM = env.int("QULTURUM_QUIET_FROM", default=19)
QULTURUM_QUIET_UNTIL = env.int("QULTURUM_QUIET_UNTIL", default=7)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
elif not DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

# --- Static files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Files that are put into a visit's room: no address of their own, a view hands them out --------
MEDIA_ROOT = VAR / "files"

# --- Countries that the library does not name in Swedish -------------------------------------------
COUNTRIES_OVERRIDE = countries.NAMES

# --- Another file with what the accessibility statement says; ours is visits/statement.toml --------
ACCESSIBILITY_STATEMENT = env.str("ACCESSIBILITY_STATEMENT", default="")

# --- Limits ------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes of a form; our longest texts are far below
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "qulturum_portal.uploads.UploadCap",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Security ----------------------------------------------------------------------------------
AUDIENCES_STRICT = DEBUG  # an address without an audience stops a developer, not a visitor
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qulturum_portal.errors.csrf_failure"
if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

# How many proxies of our own stand in front. 0: no X-Forwarded header is believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logging -----------------------------------------------------------------------------------
LOGGING = logging_config(json=not DEBUG, level=env.str("LOG_LEVEL", default="INFO"))
