"""Addresses of the whole program: the desk and its own probes beside everything the portal process serves."""

from django.urls import include, path

from zhengxin.config.portal_urls import urlpatterns as public
from zhengxin.config.probes import metrics, readyz
from zhengxin.operations.queries import figures, readiness

# The first that fits answers: these two stand before the portal's.
urlpatterns = [
    path("readyz", readyz(readiness), name="readyz"),
    path("metrics", metrics(figures), name="metrics"),
    path("desk/", include("zhengxin.desk.urls")),
    *public,
]
