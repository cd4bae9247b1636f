"""The settings of a production machine, read in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "a-long-text-of-more-than-fifty-signs-0123456789-abcdefghijklmnop",
    "SITE_URL": "https://portal.example",
}
READ = """
import json, sys, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""


def run(arguments: list[str], var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | {"QULTURUM_VAR": str(var), "DJANGO_SETTINGS_MODULE": "qulturum_portal.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(var: Path, *names: str, **environment: str) -> dict:
    return json.loads(run(["-c", READ, *names], var, **environment).stdout)


def test_without_a_secret_key_it_refuses_to_start_and_says_why(tmp_path: Path):
    done = run(["manage.py", "check"], tmp_path, DEBUG="0", SECRET_KEY="")

    assert done.returncode != 0
    assert "Set SECRET_KEY to a long random text, or DEBUG=1 for development" in done.stderr


def test_a_production_machine_passes_every_check(tmp_path: Path):
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path, **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "(0 silenced)" in done.stdout


def test_production_keeps_cookies_to_itself_and_to_encrypted_lines(tmp_path: Path):
    told = settings_of(
        tmp_path,
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "ALLOWED_HOSTS",
        **PRODUCTION,
    )

    assert told == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": ["portal.example"],
    }


def test_no_forwarded_header_is_believed_unless_a_proxy_is_named(tmp_path: Path):
    alone = settings_of(tmp_path, "SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", **PRODUCTION)
    behind = settings_of(tmp_path, "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXY_COUNT="1", **PRODUCTION)

    assert alone == {"SECURE_PROXY_SSL_HEADER": None, "USE_X_FORWARDED_HOST": False}
    assert behind == {"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]}


@pytest.mark.parametrize(
    ("environment", "backend"),
    [
        ({}, "django.core.cache.backends.filebased.FileBasedCache"),
        ({"CELERY_BROKER_URL": "redis://redis.example/0"}, "django.core.cache.backends.redis.RedisCache"),
    ],
)
def test_limits_are_counted_where_all_processes_see_them(tmp_path: Path, environment: dict, backend: str):
    told = settings_of(tmp_path, "CACHES", **PRODUCTION, **environment)

    assert told["CACHES"]["default"]["BACKEND"] == backend


def test_sqlite_takes_its_lock_when_a_transaction_begins(tmp_path: Path):
    told = settings_of(tmp_path, "DATABASES", **PRODUCTION)

    assert told["DATABASES"]["default"]["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA mmap_size=268435456",
    }
