"""Addresses of the whole program: desk and the door for offices above, beside everything the portal process serves."""

from django.urls import include, path

from zhengxin.config.portal_urls import urlpatterns as public
from zhengxin.exchange import upward

urlpatterns = [
    path("desk/", include("zhengxin.desk.urls")),
    path("exchange/<slug:code>/records/", upward.records, name="upward-records"),
    path("exchange/<slug:code>/answers/", upward.answers, name="upward-answers"),
    *public,
]
