"""Addresses of the portal process: public pages and the API."""

from django.urls import include, path

from zhengxin.exchange.api import api
from zhengxin.exchange.feeds import corrections
from zhengxin.exchange.pages import data

urlpatterns = [
    path("api/v1/", api.urls),
    path("data/", data, name="data"),
    path("corrections.atom", corrections, name="corrections-feed"),
    path("", include("zhengxin.portal.urls")),
]
