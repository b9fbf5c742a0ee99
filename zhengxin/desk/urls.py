"""Addresses of the officials' pages."""

from django.urls import path

from zhengxin.desk.views import (
    agreements,
    attribution,
    audit,
    decisions,
    files,
    quality,
    receipts,
    sign_in,
    submissions,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("post/", sign_in.choose_post, name="choose-post"),
    path("account/", sign_in.account, name="account"),
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/new/", submissions.choose_source, name="choose-source"),
    path("submissions/new/<slug:source>/", submissions.submit, name="submit"),
    path("submissions/new/<slug:source>/row/", submissions.one_row, name="one-row"),
    path("submissions/new/<slug:source>/template/", submissions.template_workbook, name="template"),
    path("submissions/<int:submission_id>/", receipts.receipt, name="receipt"),
    path("submissions/<int:submission_id>/progress/", receipts.progress, name="progress"),
    path("submissions/<int:submission_id>/marked/", receipts.marked_workbook, name="marked"),
    path("submissions/<int:submission_id>/withdraw/", receipts.withdraw, name="withdraw"),
    path("attribution/", attribution.mentions, name="attribution"),
    path("attribution/<int:waiting_id>/", attribution.mention, name="mention"),
    path(
        "attribution/succession/<int:succession_id>/",
        attribution.confirm_succession,
        name="confirm-succession",
    ),
    path("grading/", decisions.grading, name="grading"),
    path("grading/<int:entry_id>/", decisions.grade, name="grade"),
    path("release/", decisions.release, name="release"),
    path("release/<int:entry_id>/", decisions.release_text, name="release-text"),
    path("release/<int:entry_id>/withhold/", decisions.withhold, name="withhold"),
    path("quality/", quality.quality, name="quality"),
    path("files/", files.search, name="files"),
    path("files/<int:subject_id>/purpose/", files.purpose, name="purpose"),
    path("files/<int:subject_id>/", files.file, name="file"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.make_agreement, name="make-agreement"),
    path("agreements/<int:agreement_id>/end/", agreements.end_agreement, name="end-agreement"),
    path("recipients/", agreements.recipients, name="recipients"),
    path("recipients/<int:recipient_id>/end/", agreements.end_recipient, name="end-recipient"),
    path("audit/", audit.log, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
]
