"""Addresses of the portal process: public pages and the API."""

from django.urls import include, path, re_path

from zhengxin.config.probes import healthz, metrics, readyz
from zhengxin.exchange.api import api
from zhengxin.exchange.feeds import corrections
from zhengxin.exchange.pages import data
from zhengxin.exchange.refusals import no_version
from zhengxin.operations.portal import figures, readiness

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz(readiness), name="readyz"),
    path("metrics", metrics(figures), name="metrics"),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/.*)?$", no_version, name="no-api"),
    path("data/", data, name="data"),
    path("corrections.atom", corrections, name="corrections-feed"),
    path("", include("zhengxin.portal.urls")),
]
