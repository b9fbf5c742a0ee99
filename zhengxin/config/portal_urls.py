"""Addresses of the portal process: public pages and the API."""

from django.urls import include, path

from zhengxin.exchange.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("zhengxin.portal.urls")),
]
