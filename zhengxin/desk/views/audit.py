"""The log of acts, reads and refusals, for the audit administrator."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin.audit import queries as audit
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_read_audit
from zhengxin.audit.types import Line
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.forms import AuditFilter
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk

AT_ONCE = 50
# Days of the log in an export when no beginning is given.
EXPORT_DAYS = 31


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@at_desk(check_read_audit)
@require_safe
def log(request: DeskRequest) -> HttpResponse:
    """Lines of the log, newest first; the filters live in the address."""
    form = AuditFilter(request.GET, acts=audit.acts())
    asked = form.cleaned_data if form.is_valid() else {}
    until = asked.get("until")
    before = request.GET.get("before", "")
    found = audit.lines(
        act=asked.get("act", ""),
        outcome=asked.get("outcome", ""),
        since=_start_of(asked["since"]) if asked.get("since") else None,
        until=_start_of(until + timedelta(days=1)) if until else None,
        before=int(before) if before.isdecimal() and before.isascii() else None,
        limit=AT_ONCE + 1,
    )
    shown = found[:AT_ONCE]
    return page(
        request,
        "desk/audit.html",
        section="audit",
        form=form,
        lines=[(line, Outcome(line.outcome).label, _detail(line)) for line in shown],
        older=shown[-1].id if len(found) > AT_ONCE else None,
        at_start=not before,
        refused=sum(line.outcome == Outcome.REFUSED for line in shown),
    )


def _detail(line: Line) -> str:
    return "；".join(
        f"{key}={value}" for key, value in line.detail.items() if value not in ("", None)
    )


class _Echo:
    """A file that hands every line straight on."""

    def write(self, text: str) -> str:
        return text


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _header() -> list[str]:
    who = [_("编号"), _("时间"), _("账号"), _("姓名"), _("单位")]
    what = [_("事项"), _("对象"), _("对象编号"), _("主体"), _("用途"), _("结果"), _("说明")]
    return [*who, *what]


def _csv(lines: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(_header())
    for line in lines:
        cells = [line.id, timezone.localtime(line.at).isoformat(), line.account_id, line.actor_name]
        cells += [line.unit_id, line.act, line.object_kind, line.object_id, line.subject_id]
        cells += [line.purpose, Outcome(line.outcome).label, _detail(line)]
        yield writer.writerow([_plain(cell) for cell in cells])


@at_desk(check_read_audit)
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The log of some days as CSV, oldest first, without a ceiling."""
    form = AuditFilter(request.GET, acts=audit.acts())
    if not form.is_valid():
        return redirect(f"{reverse('desk:audit')}?{request.GET.urlencode()}")
    today = timezone.localdate()
    until = form.cleaned_data["until"] or today
    since = form.cleaned_data["since"] or until - timedelta(days=EXPORT_DAYS)
    lines = audit.every_line(since=_start_of(since), until=_start_of(until + timedelta(days=1)))
    return StreamingHttpResponse(
        _csv(lines),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": attachment_name(_("审计_{a}_{b}.csv").format(a=since, b=until))
        },
    )
