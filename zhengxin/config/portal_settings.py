"""Settings of the portal as a process of its own: it opens the board and nothing else.

No accounts, no sessions, no payload keys, no main database: what an intruder here can reach is already public.
"""

from zhengxin.config.homes import board_only, portal_secret_key
from zhengxin.config.settings_shared import *  # noqa: F403
from zhengxin.config.settings_shared import FRONT, ZHENGXIN_HOME, templates

SECRET_KEY = portal_secret_key()
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "js_lib_bootstrap5",
    "zhengxin.publication.board",
    "zhengxin.portal",
    "zhengxin.exchange",
]
MIDDLEWARE = [
    *FRONT,
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhengxin.exchange.methods.ReadableMethodMiddleware",
]
ROOT_URLCONF = "zhengxin.config.portal_urls"
TEMPLATES = templates()
DATABASES = board_only(ZHENGXIN_HOME)
