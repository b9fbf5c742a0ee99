"""Settings of the whole program. One variable is enough to run: ZHENGXIN_HOME (default: var/ beside the code).

DATABASE_URL names a PostgreSQL server; without it three SQLite files under ZHENGXIN_HOME are used.
"""

import os
from datetime import timedelta
from urllib.parse import urlsplit

from zhengxin.config.homes import databases, private, secret_key
from zhengxin.config.settings_shared import *  # noqa: F403
from zhengxin.config.settings_shared import (
    BASE_DIR,
    CSRF_TRUSTED_ORIGINS,
    FRONT,
    ZHENGXIN_HOME,
    templates,
)

SUBMISSIONS_DIR = ZHENGXIN_HOME / "submissions"
KEYS_DIR = ZHENGXIN_HOME / "keys"
# Who keeps the master key (docs/how-to/keys.md), and the ciphers of what is newly wrapped or of a new epoch.
KEY_PROVIDER = os.environ.get("ZHENGXIN_KEY_PROVIDER", "file")
KEY_SUITE = os.environ.get("ZHENGXIN_KEY_SUITE", "aes-256-gcm")
WITNESSES_FILE = ZHENGXIN_HOME / "witnesses.yaml"
# Which contents were erased: what a restored backup must lose again. No content stands in it.
ERASURE_JOURNAL = ZHENGXIN_HOME / "erasures.jsonl"
# What is packed for offices above and came from there, and who they are.
EXCHANGE_DIR = ZHENGXIN_HOME / "exchange"
PEERS_DIRS = [BASE_DIR / "peers", ZHENGXIN_HOME / "peers"]
SOURCES_DIRS = [BASE_DIR / "sources", ZHENGXIN_HOME / "sources"]
# The desk accepts files up to this many bytes; the command line has no limit.
DESK_UPLOAD_LIMIT = 100 * 1024 * 1024

# The worker seals the audit log when a line has waited so long, or more lines wait.
AUDIT_SEAL_SECONDS = 60
AUDIT_SEAL_LINES = 10_000

SECRET_KEY = secret_key(KEYS_DIR)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "js_lib_bootstrap5",
    "zhengxin.audit",
    "zhengxin.subjects",
    "zhengxin.accounts",
    "zhengxin.messages",
    "zhengxin.ledger",
    "zhengxin.ledger.vault",
    "zhengxin.evidence",
    "zhengxin.archive",
    "zhengxin.duties",
    "zhengxin.publication",
    "zhengxin.publication.board",
    "zhengxin.intake",
    "zhengxin.witnesses",
    "zhengxin.retention",
    "zhengxin.handover",
    "zhengxin.objections",
    "zhengxin.oversight.proposals",
    "zhengxin.oversight",
    "zhengxin.oversight.inspections",
    "zhengxin.oversight.rectifying",
    "zhengxin.repair",
    "zhengxin.appeals",
    "zhengxin.oversight.returns",
    "zhengxin.sanctions",
    "zhengxin.desk",
    "zhengxin.portal",
    "zhengxin.exchange",
]

MIDDLEWARE = [
    *FRONT,
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
    "zhengxin.config.sessions.SessionLimitsMiddleware",
    "zhengxin.config.readonly.ReadOnlyGetMiddleware",
    "zhengxin.exchange.methods.ReadableMethodMiddleware",
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
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "zhengxin.accounts.passwords.WithoutName"},
]
# A password lasts so many days (0: for ever); a warning comes before. The last ones do not come back.
PASSWORD_DAYS = int(os.environ.get("ZHENGXIN_PASSWORD_DAYS", "90"))
PASSWORD_WARNING_DAYS = 14
PASSWORDS_REMEMBERED = 5
# The first link of a home without accounts, and a link to set a password.
FIRST_LINK_HOURS = 24
INVITATION_DAYS = 7
# Failures borne, within which time, length of the first lock (each next is twice as long), longest lock.
ACCOUNT_PATIENCE = (5, timedelta(minutes=15), timedelta(minutes=5), timedelta(days=1))
ADDRESS_PATIENCE = (50, timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1))
# Passkeys belong to one host name and answer to pages of these origins; without ZHENGXIN_ORIGINS
# to http://localhost on any port (a passkey cannot belong to an address of numbers).
PASSKEY_ORIGINS = CSRF_TRUSTED_ORIGINS
PASSKEY_HOST: str = os.environ.get("ZHENGXIN_PASSKEY_HOST") or str(
    urlsplit(PASSKEY_ORIGINS[0]).hostname if PASSKEY_ORIGINS else "localhost"
)
# The county's own identity provider (OpenID Connect); without an issuer there is none.
OIDC_ISSUER = os.environ.get("ZHENGXIN_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("ZHENGXIN_OIDC_CLIENT_ID", "")
OIDC_SECRET_FILE = os.environ.get("ZHENGXIN_OIDC_SECRET_FILE", "")
OIDC_LABEL = os.environ.get("ZHENGXIN_OIDC_LABEL", "统一身份认证")
# A decision signed by hand: for so many days, and so large a scan.
PAPERS_DIR = ZHENGXIN_HOME / "papers"
PAPER_DAYS = 15
SCAN_BYTES = 20 << 20
# The file of a work plan.
PLAN_BYTES = 20 << 20
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "zhengxin.config.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE = timedelta(minutes=int(os.environ.get("ZHENGXIN_IDLE_MINUTES", "30")))
# Browsers in which one account is signed in at once; the oldest gives way.
SESSIONS_AT_ONCE = 3
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Set by those who knew earlier versions; all mail goes by channels.yaml now, and the doctor says so.
FORMER_MAIL_VARIABLES = sorted(
    name for name in os.environ if name.startswith("ZHENGXIN_SMTP_") or name == "ZHENGXIN_MAIL_FROM"
)

# A large upload on its way: in the house and swept, not in the machine's own temporary folder.
FILE_UPLOAD_TEMP_DIR = private(ZHENGXIN_HOME / "arriving")
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
