"""Addresses of the whole program: the desk beside everything the portal process serves."""

from django.urls import include, path

from zhengxin.config.portal_urls import urlpatterns as public

urlpatterns = [path("desk/", include("zhengxin.desk.urls")), *public]
