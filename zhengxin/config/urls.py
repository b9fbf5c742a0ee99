"""Addresses of the whole program: the desk, its own probes and the door for offices above, beside all the portal process serves."""

from django.urls import include, path

from zhengxin.config.portal_urls import urlpatterns as public
from zhengxin.config.probes import metrics, readyz
from zhengxin.exchange import upward
from zhengxin.operations.queries import figures, readiness

# The first that fits answers: these two stand before the portal's.
urlpatterns = [
    path("readyz", readyz(readiness), name="readyz"),
    path("metrics", metrics(figures), name="metrics"),
    path("desk/", include("zhengxin.desk.urls")),
    path("exchange/<slug:code>/records/", upward.records, name="upward-records"),
    path("exchange/<slug:code>/answers/", upward.answers, name="upward-answers"),
    *public,
]
