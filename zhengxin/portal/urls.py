"""Addresses of the public pages."""

from django.urls import path, re_path

from zhengxin.portal import letters, mirror, plans, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("units/", views.units, name="units"),
    path("units/<int:unit_id>/", views.unit, name="unit"),
    path("subjects/<int:subject_id>/", views.subject, name="subject"),
    path("items/", views.items, name="items"),
    path("entries/<int:entry_id>/", views.entry, name="entry"),
    path("entries/<int:entry_id>/proof.json", views.entry_proof, name="entry-proof"),
    path("entries/<int:entry_id>/object/", letters.object_to, name="object"),
    path("objection/", letters.objection, name="objection"),
    path("search/", views.search, name="search"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("inspections/", plans.inspections, name="inspections"),
    path("inspections/<int:number>/", plans.inspection, name="inspection"),
    path("orders/", plans.orders, name="orders"),
    path("replies/", plans.replies, name="replies"),
    path("withheld/", views.withheld, name="withheld"),
    path("verify/", views.verify, name="verify"),
    path("log/", mirror.log, name="log"),
    re_path(
        r"^log/(?P<name>checkpoint|cosigned|keys|tile/\d{1,2}/(?:x\d{3}/)*\d{3}(?:\.p/[1-9]\d{0,2})?)$",
        mirror.log_file,
        name="log-file",
    ),
    path("log/files.txt", mirror.log_files, name="log-files"),
    path("log/witness.py", mirror.witness_program, name="witness-program"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("mode/", views.mode, name="mode"),
]
