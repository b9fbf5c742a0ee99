"""The log of acts, reads and refusals, for the audit administrator."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.audit import queries as audit
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_read_audit
from zhengxin.audit.types import Line
from zhengxin.desk.asked import number
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.forms import AuditFilter
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk

AT_ONCE = 50
# Days of the log in an export when no beginning is given.
EXPORT_DAYS = 31


# Words of the log as the program writes them, and as the audit administrator reads them.
WORDS = {
    "page.refuse": _("打开页面"),
    "file.open": _("查看档案"),
    "account.sign_in": _("登录或退出"),
    "account.prove_factor": _("核对第二因子"),
    "account.unlock": _("解除锁定"),
    "factor.add": _("登记第二因子"),
    "factor.remove": _("移除第二因子"),
    "factor.recovery_codes": _("生成恢复码"),
    "factor.reset": _("重置第二因子"),
    "signature.refuse": _("签署未通过"),
    "mention": _("名称"),
    "account.open": _("开通账号"),
    "account.give_post": _("登记岗位"),
    "account.change_password": _("更换密码"),
    "submission.receive": _("报送"),
    "submission.withdraw": _("撤回报送"),
    "submission.marked_workbook": _("下载标注工作簿"),
    "attribution.decide": _("判断主体"),
    "attribution.redecide": _("改判主体"),
    "succession.confirm": _("确认沿革"),
    "grading": _("定级"),
    "text_release": _("放行文字"),
    "withholding": _("改为不公开"),
    "agreement.make": _("登记共享协议"),
    "agreement.end": _("终止共享协议"),
    "recipient.register": _("登记取用人"),
    "recipient.end": _("停用取用密钥"),
    "county.open": _("登记全县单位"),
    "audit.export": _("导出审计记录"),
    "page": _("页面"),
    "audit": _("审计记录"),
    "subject": _("主体"),
    "account": _("账号"),
    "submission": _("报送"),
    "judgement": _("判断"),
    "succession": _("沿革"),
    "entry": _("记录"),
    "agreement": _("协议"),
    "recipient": _("取用人"),
    "register": _("登记册"),
    "why": _("原因"),
    "kind": _("种类"),
    "name": _("名称"),
    "signature": _("签名"),
    "signed": _("签名校验码"),
    "signs": _("签署事项"),
    "locks": _("锁定"),
    "factors": _("第二因子"),
    "because": _("理由"),
    "records": _("行数"),
    "supersedes": _("取代的判断"),
    "source": _("来源"),
    "sha256": _("文件指纹"),
    "known_on": _("按哪天所知"),
    "owner": _("提供单位"),
    "reader": _("使用单位"),
    "grade": _("级别"),
    "fields": _("字段"),
    "reason": _("理由类别"),
    "review_on": _("复核日期"),
    "unit": _("单位"),
    "role": _("岗位"),
}


class Told(NamedTuple):
    """A line of the log with its words in Chinese."""

    line: Line
    act: str
    object_kind: str
    detail: str

    @property
    def outcome(self) -> str:
        """已办, 查看 or 拒绝."""
        return str(Outcome(self.line.outcome).label)


def said(word: str) -> str:
    """A word of the log in Chinese; one that is not listed stays as it is."""
    return str(WORDS.get(word, word))


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@at_desk(check_read_audit)
@require_safe
def log(request: DeskRequest) -> HttpResponse:
    """Lines of the log, newest first; the filters live in the address."""
    form = AuditFilter(request.GET, acts=[(act, said(act)) for act in audit.acts()])
    asked = form.cleaned_data if form.is_valid() else {}
    until = asked.get("until")
    before = number(request, "before")
    found = audit.lines(
        act=asked.get("act", ""),
        outcome=asked.get("outcome", ""),
        since=_start_of(asked["since"]) if asked.get("since") else None,
        until=_start_of(until + timedelta(days=1)) if until else None,
        before=before,
        limit=AT_ONCE + 1,
    )
    shown = found[:AT_ONCE]
    return page(
        request,
        "desk/audit.html",
        section="audit",
        form=form,
        lines=[Told(line, said(line.act), said(line.object_kind), _detail(line)) for line in shown],
        older=shown[-1].id if len(found) > AT_ONCE else None,
        at_start=before is None,
        refused=sum(line.outcome == Outcome.REFUSED for line in shown),
    )


def _detail(line: Line) -> str:
    return "；".join(
        f"{said(key)}：{value}" for key, value in line.detail.items() if value not in ("", None)
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
    return [str(word) for word in (*who, *what)]


def _csv(lines: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(_header())
    for line in lines:
        cells = [line.id, timezone.localtime(line.at).isoformat(), line.account_id, line.actor_name]
        cells += [
            line.unit_id,
            said(line.act),
            said(line.object_kind),
            line.object_id,
            line.subject_id,
        ]
        cells += [line.purpose, Outcome(line.outcome).label, _detail(line)]
        yield writer.writerow([_plain(cell) for cell in cells])


@at_desk(check_read_audit)
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The log of some days as CSV, oldest first, without a ceiling."""
    form = AuditFilter(request.GET, acts=[(act, said(act)) for act in audit.acts()])
    if not form.is_valid():
        return redirect(f"{reverse('desk:audit')}?{request.GET.urlencode()}")
    today = timezone.localdate()
    until = form.cleaned_data["until"] or today
    since = form.cleaned_data["since"] or until - timedelta(days=EXPORT_DAYS)
    journey.export_audit(since=since, until=until, at=timezone.now(), actor=request.actor)
    lines = audit.every_line(since=_start_of(since), until=_start_of(until + timedelta(days=1)))
    return StreamingHttpResponse(
        _csv(lines),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": attachment_name(
                str(_("审计_{a}_{b}.csv")).format(a=since, b=until)
            )
        },
    )
