"""Settings that the whole program and the portal's own process have in common."""

import os
from pathlib import Path

from zhengxin.config.homes import home
from zhengxin.config.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parents[2]
ZHENGXIN_HOME = home()
DOWNLOADS_DIR = ZHENGXIN_HOME / "downloads"
MIRROR_DIR = ZHENGXIN_HOME / "mirror"
LAW_DIR = Path(os.environ.get("ZHENGXIN_LAW", BASE_DIR / "law"))

DEBUG = False


def _listed(name: str, default: str = "") -> list[str]:
    """The values of a variable, between commas."""
    return [each.strip() for each in os.environ.get(name, default).split(",") if each.strip()]


# Whoever watches this machine from itself asks by one of these names.
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*_listed("ZHENGXIN_HOSTS"), *LOOPBACK_HOSTS]
CSRF_TRUSTED_ORIGINS = _listed("ZHENGXIN_ORIGINS")

# Behind a TLS proxy: said by ZHENGXIN_BEHIND_TLS (1 or 0), else so when an origin begins with https.
BEHIND_TLS = os.environ.get(
    "ZHENGXIN_BEHIND_TLS",
    "1" if any(o.startswith("https://") for o in CSRF_TRUSTED_ORIGINS) else "0",
) not in ("", "0")
# Whose forwarding headers are believed: addresses or networks.
TRUSTED_PROXIES = _listed("ZHENGXIN_PROXIES", "127.0.0.1,::1") if BEHIND_TLS else []
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# Reads figures and the reasons of readyz from another machine; without one only this machine may.
METRICS_TOKEN = os.environ.get("ZHENGXIN_METRICS_TOKEN", "")
# Before everything else, in this order.
FRONT = [
    "zhengxin.config.front.TrustedProxyMiddleware",
    "zhengxin.config.front.RequestLogMiddleware",
]

WSGI_APPLICATION = "zhengxin.config.wsgi.application"
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "zhengxin.portal.context.surroundings",
]
DATABASE_ROUTERS = ["zhengxin.config.routers.StoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Letters by which the public objects: from one address a day, and waiting at once.
LETTERS_A_DAY = 5
LETTERS_WAITING = 200

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "zhengxin" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
# Served straight from the packages: nothing to collect before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
LOGGING = logging_settings(os.environ.get("ZHENGXIN_LOG", "text"))


def templates(*processors: str) -> list[dict[str, object]]:
    """Django's template setting with the given context processors added."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [*CONTEXT_PROCESSORS, *processors]},
        }
    ]
