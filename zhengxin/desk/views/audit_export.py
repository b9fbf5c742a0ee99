"""The log taken away: as a table, or as JSON Lines with everything that is needed to check it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_read_audit
from zhengxin.desk.audit_form import start_of
from zhengxin.desk.downloads import attachment_name
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.views.audit import asked_form, detail_of, said
from zhengxin.journey.log_reading import AuditExport

# Days of the log in an export when no beginning is given.
EXPORT_DAYS = 31


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
    return [*who, *what, _("封存块"), _("叶值")]


def _table(found: AuditExport) -> Iterator[str]:
    """Every line as a row; then the blocks with their roots; at the end number, digest and signature."""
    writer, digest, n, touched = csv.writer(_Echo()), sha256(), 0, set()

    def out(cells: list[object]) -> str:
        text: str = writer.writerow([_plain(cell) for cell in cells])
        digest.update(text.encode())
        return text

    digest.update("\ufeff".encode())
    yield "\ufeff" + out([*_header()])
    for each in found.lines():
        line = each.line
        n += 1
        if each.block is not None:
            touched.add(each.block)
        who = [line.id, timezone.localtime(line.at).isoformat(), line.account_id, line.actor_name]
        what = [line.unit_id, said(line.act), said(line.object_kind), line.object_id]
        rest = [line.subject_id, line.purpose, Outcome(line.outcome).label, detail_of(line)]
        yield out([*who, *what, *rest, each.block, each.leaf.hex() if each.leaf else ""])
    for seal in found.blocks(touched):
        told = _("第{block}块：第{first}行至第{last}行，共{n}行，根值{root}，登记簿第{entry}号。")
        yield out(
            [
                "",
                told.format(
                    block=seal.block,
                    first=seal.first_id,
                    last=seal.last_id,
                    n=seal.n,
                    root=seal.root,
                    entry=seal.entry_id,
                ),
            ]
        )
    sum_of_all = digest.hexdigest()
    told = _("共{n}行；本行以前全部字节的 SHA-256 为 {digest}。")
    yield writer.writerow(
        ["", told.format(n=n, digest=sum_of_all), found.sign(n=n, sha256=sum_of_all)]
    )


def _asked(request: DeskRequest) -> AuditExport | None:
    """What the address asks for, of the last month when it names no beginning; None when it is not valid."""
    form = asked_form(request)
    if not form.is_valid():
        return None
    wanted = form.wanted()
    if wanted.until is None:
        wanted = replace(wanted, until=start_of(timezone.localdate() + timedelta(days=1)))
    if wanted.since is None and wanted.until is not None:
        wanted = replace(wanted, since=wanted.until - timedelta(days=EXPORT_DAYS))
    return journey.export_audit(wanted=wanted, at=timezone.now(), actor=request.actor)


def _sent(
    request: DeskRequest, found: AuditExport | None, pieces: Iterator[str], kind: str, ending: str
) -> HttpResponseBase:
    if found is None:
        return redirect(f"{reverse('desk:audit')}?{request.GET.urlencode()}")
    name = _("审计_{at}.{ending}").format(
        at=timezone.localtime(found.at).strftime("%Y%m%d_%H%M"), ending=ending
    )
    return StreamingHttpResponse(
        pieces,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": attachment_name(name)},
    )


@at_desk(check_read_audit)
@require_safe
def as_csv(request: DeskRequest) -> HttpResponseBase:
    """The lines asked for as a table, oldest first, without a ceiling."""
    found = _asked(request)
    return _sent(request, found, _table(found) if found else iter(()), "text/csv", "csv")


@at_desk(check_read_audit)
@require_safe
def as_json_lines(request: DeskRequest) -> HttpResponseBase:
    """The lines asked for as JSON Lines, with leaves, blocks and a signed end."""
    found = _asked(request)
    pieces = found.as_json_lines() if found else iter(())
    return _sent(request, found, pieces, "application/x-ndjson", "jsonl")
