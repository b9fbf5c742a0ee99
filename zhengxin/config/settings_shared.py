"""Settings that the whole program and the portal's own process have in common."""

import os
from pathlib import Path

from zhengxin.config.homes import home

BASE_DIR = Path(__file__).resolve().parents[2]
ZHENGXIN_HOME = home()
DOWNLOADS_DIR = ZHENGXIN_HOME / "downloads"
MIRROR_DIR = ZHENGXIN_HOME / "mirror"
LAW_DIR = Path(os.environ.get("ZHENGXIN_LAW", BASE_DIR / "law"))

DEBUG = False
ALLOWED_HOSTS = os.environ.get("ZHENGXIN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZHENGXIN_ORIGINS", "").split(",") if o]

WSGI_APPLICATION = "zhengxin.config.wsgi.application"
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "zhengxin.portal.context.surroundings",
]
DATABASE_ROUTERS = ["zhengxin.config.routers.StoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "zhengxin.config.logs.MaskingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}


def templates(*processors: str) -> list[dict[str, object]]:
    """Django's template setting with the given context processors added."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [*CONTEXT_PROCESSORS, *processors]},
        }
    ]
