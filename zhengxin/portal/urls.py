"""Addresses of the public pages."""

from django.urls import path

from zhengxin.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("units/", views.units, name="units"),
    path("units/<int:unit_id>/", views.unit, name="unit"),
    path("subjects/<int:subject_id>/", views.subject, name="subject"),
    path("items/", views.items, name="items"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("entries/<int:entry_id>/proof.json", views.entry_proof, name="entry-proof"),
    path("search/", views.search, name="search"),
    path("withheld/", views.withheld, name="withheld"),
    path("verify/", views.verify, name="verify"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("mode/", views.mode, name="mode"),
]
