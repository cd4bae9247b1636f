"""The portal's settings for tests: folders of this run's own, quick passwords, strict audiences."""

import os
import tempfile

_folder = tempfile.TemporaryDirectory(prefix="qulturum-tests-")  # goes when this process ends
os.environ["QULTURUM_VAR"] = _folder.name
os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["SITE_URL"] = "http://testserver"
os.environ["QULTURUM_KITCHEN_EMAIL"] = "kitchen@qulturum.example"
os.environ["EMAIL_URL"] = "memorymail://"
# Mails are due at once; what can be taken back for ten minutes is tested in tests/visits/undoing.
os.environ["QULTURUM_UNDO_MINUTES"] = "0"
# And at any hour: what waits for the morning is tested in tests/visits/mail.
os.environ["QULTURUM_QUIET_FROM"] = os.environ["QULTURUM_QUIET_UNTIL"] = "0"

from qulturum_portal.settings import *  # noqa: E402, F403
from qulturum_portal.settings import CACHES, STORAGES  # noqa: E402

AUDIENCES_STRICT = True
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# Processes of tests do not empty each other's cache.
CACHES["default"] = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": f"{_folder.name}/cache",
}
