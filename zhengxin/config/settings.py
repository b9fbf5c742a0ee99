"""Settings of the whole program. One variable is enough to run: ZHENGXIN_HOME (default: var/ beside the code).

DATABASE_URL names a PostgreSQL server; without it three SQLite files under ZHENGXIN_HOME are used.
"""

import os
from datetime import timedelta
from urllib.parse import urlsplit

from zhengxin.config.homes import databases, secret_key
from zhengxin.config.settings_shared import *  # noqa: F403
from zhengxin.config.settings_shared import BASE_DIR, CSRF_TRUSTED_ORIGINS, ZHENGXIN_HOME, templates

SUBMISSIONS_DIR = ZHENGXIN_HOME / "submissions"
KEYS_DIR = ZHENGXIN_HOME / "keys"
SOURCES_DIRS = [BASE_DIR / "sources", ZHENGXIN_HOME / "sources"]
# The desk accepts files up to this many bytes; the command line has no limit.
DESK_UPLOAD_LIMIT = 100 * 1024 * 1024

SECRET_KEY = secret_key(KEYS_DIR)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "js_lib_bootstrap5",
    "zhengxin.audit",
    "zhengxin.subjects",
    "zhengxin.accounts",
    "zhengxin.ledger",
    "zhengxin.ledger.vault",
    "zhengxin.archive",
    "zhengxin.duties",
    "zhengxin.publication",
    "zhengxin.publication.board",
    "zhengxin.intake",
    "zhengxin.desk",
    "zhengxin.portal",
    "zhengxin.exchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengxin.config.readonly.ReadOnlyGetMiddleware",
]

ROOT_URLCONF = "zhengxin.config.urls"
TEMPLATES = templates(
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)
DATABASES = databases(ZHENGXIN_HOME)

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["zhengxin.accounts.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Failures borne, within which time, length of the first lock (each next is twice as long), longest lock.
ACCOUNT_PATIENCE = (5, timedelta(minutes=15), timedelta(minutes=5), timedelta(days=1))
ADDRESS_PATIENCE = (50, timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1))
# Passkeys belong to one host name and answer to pages of these origins; without ZHENGXIN_ORIGINS
# to http://localhost on any port (a passkey cannot belong to an address of numbers).
PASSKEY_ORIGINS = CSRF_TRUSTED_ORIGINS
PASSKEY_HOST: str = os.environ.get("ZHENGXIN_PASSKEY_HOST") or str(
    urlsplit(PASSKEY_ORIGINS[0]).hostname if PASSKEY_ORIGINS else "localhost"
)
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
