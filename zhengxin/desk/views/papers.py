"""Decisions over paper: the sheet to print, the scan handed in, the comparison by a second person."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin import journey
from zhengxin.accounts import papers, permissions
from zhengxin.accounts.enums import PaperState, ScanKind
from zhengxin.accounts.models import Paper
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.once import once
from zhengxin.desk.passkeys import site_of
from zhengxin.desk.signing import ProofBlock
from zhengxin.kernel.digests import sha256_hex

AT_ONCE = 30
TYPES = {
    ScanKind.PDF: "application/pdf",
    ScanKind.JPEG: "image/jpeg",
    ScanKind.PNG: "image/png",
}
# What each deciding verb is called on a sheet.
CALLED = {
    "accept_returns": lazy("受理季度报送"),
    "accept_takeover": lazy("接收接任清单"),
    "assign_proposal": lazy("交办建议提案"),
    "change_duty": lazy("依法变更职责"),
    "check_objection": lazy("审查异议"),
    "circulate_criticism": lazy("准予公开通报"),
    "close_inspection": lazy("结束督查"),
    "conclude_inspection": lazy("作出督查结论"),
    "confirm_law_value": lazy("确认法律值"),
    "confirm_plan": lazy("确认工作方案"),
    "confirm_succession": lazy("确认沿革"),
    "decide_attribution": lazy("判断主体"),
    "decide_issue": lazy("登记议定事项"),
    "decide_objection": lazy("决定异议"),
    "decide_sanction": lazy("决定惩戒"),
    "decide_review": lazy("决定复核"),
    "designate_inspection": lazy("登记督查指定"),
    "decide_declined": lazy("决定退办申请"),
    "end_agreement": lazy("终止共享协议"),
    "end_designation": lazy("终止督查指定"),
    "end_plan": lazy("终止工作方案"),
    "erase": lazy("抹去内容"),
    "extend_duty": lazy("延长职责期限"),
    "extend_proposal": lazy("延长答复期限"),
    "find_breach": lazy("认定未履行"),
    "grade": lazy("定级"),
    "hand_over_duty": lazy("移交职责"),
    "lift_hold": lazy("解除保全"),
    "lift_measure": lazy("提前解除措施"),
    "make_agreement": lazy("订立共享协议"),
    "order_rectification": lazy("责令说明整改"),
    "name_proposal_office": lazy("登记交办单位"),
    "lift_seal": lazy("解除封存"),
    "place_hold": lazy("保全"),
    "plan_inspection": lazy("制定督查"),
    "redecide_attribution": lazy("改判主体"),
    "decide_appeal": lazy("复核申诉"),
    "decide_repair": lazy("决定信用修复"),
    "extend_repair": lazy("延长修复办理期限"),
    "revoke_repair": lazy("撤销信用修复"),
    "refer_unit": lazy("移送认定"),
    "release_reply": lazy("准予公开答复"),
    "release_statement": lazy("放行当事人声明"),
    "release_text": lazy("放行文字"),
    "reopen_return": lazy("重开季度报送"),
    "review_withheld_order": lazy("复核整改情况是否公开"),
    "sign_returns": lazy("签署季度报送"),
    "reply_to_proposal": lazy("签署答复"),
    "send_reply": lazy("发出答复"),
    "verify_duty": lazy("核实办结"),
    "withhold": lazy("不公开"),
    "withhold_order": lazy("整改情况不公开"),
}


@dataclass(frozen=True, slots=True)
class _Scan:
    """What is shown to be compared, in the place of a sheet."""

    digest: str


class Comparing(ProofBlock):
    """The block under a scan: what is signed is that it bears what was printed."""

    def __init__(self, request: DeskRequest, scan: str) -> None:
        super().__init__(request)
        # What the form calls shown is the digest of the scan.
        self.sheet = _Scan(scan)

    def compared(self, paper_id: int) -> HttpResponse | bool:
        """True when the act is done; the question for a passkey; False when the page is drawn again."""
        request, site, at = self._request, site_of(self._request), timezone.now()
        if self._asking:
            return JsonResponse(
                journey.comparing_question(
                    paper_id=paper_id, scan=self._shown, site=site, at=at, actor=request.actor
                )
            )
        return self._proof(
            site,
            lambda proof: journey.compare_paper(
                paper_id=paper_id, scan=self._shown, proof=proof, at=at, actor=request.actor
            ),
        )


def _paper(request: DeskRequest, paper_id: int) -> Paper:
    """One of those the reader may see. Raises NotYours."""
    found = papers.papers_for(request.actor).filter(pk=paper_id).first()
    if found is None:
        raise NotYours(_("没有这份签署单。"), _("编号有误，或者它是其他单位的。"), _("请从签署单列表打开。"))  # fmt: skip
    return found


def _may_compare(request: DeskRequest, found: Paper) -> bool:
    return permissions.can_compare(
        request.actor,
        account_id=found.account_id,
        unit_id=found.unit_id,
        scanned_by=found.scanned_by_id,
    )


@at_desk(permissions.check_see_papers)
@require_safe
def papers_list(request: DeskRequest) -> HttpResponse:
    """One's own and one's unit's papers, newest first."""
    rows = Paginator(papers.papers_for(request.actor), AT_ONCE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/papers.html",
        section="papers",
        rows=rows,
        called=CALLED,
        comparable={
            row.pk for row in rows if row.state == PaperState.SCANNED and _may_compare(request, row)
        },
    )


@at_desk(permissions.check_see_papers)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def paper(request: DeskRequest, paper_id: int) -> HttpResponse:
    """The sheet as printed, its scan, and what is to be done next."""
    found, now = _paper(request, paper_id), timezone.now()
    open_now = found.state in papers.OPEN and found.expires_at > now
    scanned = open_now and found.state == PaperState.SCANNED
    signing = None
    if scanned and _may_compare(request, found):
        signing = Comparing(request, sha256_hex(papers.scan_of(found)))
    if request.method == "POST":
        if signing is None and found.ended_at is not None:
            # Says who settled it and when.
            papers.paper_to_settle(paper_id, now)
        if signing is None:
            raise NotYours(_("没有办理。"), _("这份签署单现在不等您比对。"), _("请看它的状态。"))
        done = signing.compared(paper_id)
        if isinstance(done, HttpResponse):
            return done
        if done:
            messages.success(request, _("已比对，{act}已办。").format(act=CALLED[found.verb]))
            return redirect("desk:papers")
    looked_at(request, "paper.read", "paper", paper_id, purpose=_("办理签署单"))
    own = found.account_id == request.account.pk
    return page(
        request,
        "desk/paper.html",
        section="papers",
        status=422 if signing and signing.error else 200,
        signing=signing,
        paper=found,
        called=CALLED[found.verb],
        groups=[found.statement[n : n + 8] for n in range(0, 64, 8)],
        printed=papers.printed_of(found) if open_now else "",
        open_now=open_now,
        shows_scan=scanned,
        is_picture=found.scan_kind in (ScanKind.JPEG, ScanKind.PNG),
        may_hand_in=open_now and may(permissions.check_sign, request.actor),
        own=own and open_now,
    )


@at_desk(permissions.check_see_papers)
@require_safe
def scan(request: DeskRequest, paper_id: int) -> HttpResponse:
    """The scan itself: a picture in the page, or a file to open."""
    found = _paper(request, paper_id)
    content = papers.scan_of(found)
    looked_at(request, "paper.read", "paper", paper_id, purpose=_("办理签署单"))
    answer = HttpResponse(content, content_type=TYPES[ScanKind(found.scan_kind)])
    kept = "attachment" if found.scan_kind == ScanKind.PDF else "inline"
    answer["Content-Disposition"] = f'{kept}; filename="zhengxin-{paper_id}.{found.scan_kind}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@at_desk(permissions.check_see_papers)
@require_POST
@once
def hand_in(request: DeskRequest, paper_id: int) -> HttpResponse:
    """The scan of the signed sheet."""
    _paper(request, paper_id)
    sent = request.FILES.get("scan")
    content = sent.read() if sent is not None else b""
    journey.hand_in_scan(paper_id=paper_id, scan=content, at=timezone.now(), actor=request.actor)
    messages.success(request, _("扫描件已收下，等本单位另一名同事比对。"))
    return redirect("desk:paper", paper_id)


@at_desk(permissions.check_see_papers)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def refuse(request: DeskRequest, paper_id: int) -> HttpResponse:
    """The scan is not what was printed."""
    return _given_up(
        request, paper_id, journey.refuse_paper, _("比对不符"), _("已记为不符，这份签署单作废。")
    )


@at_desk(permissions.check_see_papers)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: DeskRequest, paper_id: int) -> HttpResponse:
    """Whoever was to sign gives it up."""
    return _given_up(
        request, paper_id, journey.withdraw_paper, _("撤回签署单"), _("已撤回，签字的纸不再有用。")
    )


def _given_up(
    request: DeskRequest, paper_id: int, verb: Callable[..., None], title: str, said: str
) -> HttpResponse:
    _paper(request, paper_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verb(
            paper_id=paper_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, said)
        return redirect("desk:papers")
    return page(
        request,
        "desk/one_form.html",
        section="papers",
        status=422 if form.errors else 200,
        form=form,
        title=title,
        note=_("第%(n)d号签署单。理由会记下来。") % {"n": paper_id},
        submit=title,
        danger=True,
        back="desk:paper",
        back_id=paper_id,
    )
