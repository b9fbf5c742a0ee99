"""The WSGI door; DJANGO_SETTINGS_MODULE chooses the whole program or the portal alone."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxin.config.settings")
application = get_wsgi_application()
