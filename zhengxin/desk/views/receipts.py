"""The receipt of a submission: what became of every row, and what to do."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.desk import downloads
from zhengxin.desk.asked import number
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, at_desk, looked_at
from zhengxin.desk.once import once
from zhengxin.desk.views.submissions import own_submission
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import TRANSITIONS, SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.intake.types import Receipt, Severity
from zhengxin.journey.arriving import corrected_since
from zhengxin.kernel.actor import Actor

RUNNING = (
    SubmissionState.RECEIVED,
    SubmissionState.CHECKED,
    SubmissionState.STAGED,
    SubmissionState.SEALED,
)
FAULTS_AT_ONCE = 20
# Width of the reconciliation bar in its own units.
BAR = 1000


def split(submission: Submission) -> bool:
    """Whether a row with several parties became several records."""
    return (submission.records or 0) > (submission.rows_read or 0)


def counted_in(submission: Submission) -> str:
    """What the figures of a receipt count: rows of the file, or the records they were split into."""
    return _("条") if split(submission) else _("行")


def finding(submission: Submission) -> str:
    """The title of a receipt: what is the case, with its numbers."""
    state = submission.state
    if state == SubmissionState.WITHDRAWN:
        return _("这一批已撤回。")
    if state == SubmissionState.REFUSED:
        return _("整份退回，没有一行入账。")
    if submission.checked_at is None:
        return _("已收到，正在检查。")
    admitted, waiting = submission.admitted or 0, submission.waiting or 0
    refused = submission.refused or 0
    done = state == SubmissionState.FOLLOWED
    counted = counted_in(submission)
    first = _("{n}{counted}已准入") if done else _("{n}{counted}可准入，正在入账")
    none = _("没有准入的{counted}").format(counted=_("记录") if split(submission) else _("行"))
    parts = [first.format(n=f"{admitted:,}", counted=counted)] if admitted else [none]
    if refused:
        parts.append(_("{n}{counted}退回").format(n=f"{refused:,}", counted=counted))
    if waiting:
        parts.append(_("{n}{counted}待核").format(n=f"{waiting:,}", counted=counted))
    return "，".join(parts) + "。"


def bar(submission: Submission) -> list[tuple[str, int, int]]:
    """Pieces of the reconciliation bar: class, start, width; no piece that is not zero is invisible."""
    counts = [
        ("ok", submission.admitted or 0),
        ("wait", submission.waiting or 0),
        ("bad", submission.refused or 0),
    ]
    total = sum(n for _kind, n in counts)
    if not total:
        return []
    present = [(kind, n) for kind, n in counts if n]
    widths = {kind: max(8, BAR * n // total) for kind, n in present}
    widest = max(widths, key=lambda kind: widths[kind])
    widths[widest] -= sum(widths.values()) - BAR
    pieces, start = [], 0
    for kind, _n in present:
        pieces.append((kind, start, max(1, widths[kind] - 2)))
        start += widths[kind]
    return pieces


def _may_act(actor: Actor, submission: Submission) -> bool:
    return may(lambda a: permissions.check_submit(a, unit_id=submission.unit_id), actor)


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of the fault table: a severity, a kind of fault, or everything."""

    value: str
    label: str
    n: int


def _filters(told: Receipt, chosen: str) -> list[Filter]:
    """All, each severity that occurs, and the kind of fault chosen from the summary."""
    words = {Severity.REFUSE: _("退回"), Severity.WAIT: _("待核"), Severity.WARN: _("提醒")}
    sums = {each: sum(k.count for k in told.kinds if k.severity is each) for each in words}
    found = [Filter("", _("全部"), told.fault_count)]
    found += [Filter(each.value, words[each], n) for each, n in sums.items() if n]
    found += [Filter(k.code, k.label, k.count) for k in told.kinds if k.code == chosen]
    return found


@at_desk(permissions.check_see_submissions)
@require_safe
def receipt(request: DeskRequest, submission_id: int) -> HttpResponse:
    """Counts that reconcile, every fault, what became of every column."""
    submission = own_submission(request, submission_id)
    kind = request.GET.get("kind", "")
    may_act = _may_act(request.actor, submission)
    told = intake.receipt(submission.pk)
    looked_at(request, "submission.read", "submission", submission.pk)
    corrected = corrected_since(submission_id=submission.pk)
    return page(
        request,
        "desk/receipt.html",
        section="submissions",
        submission=submission,
        receipt=told,
        arrivals=journey.arrivals_of(submission_id=submission.pk),
        filters=_filters(told, kind),
        faults=intake.faults(
            submission.pk,
            page=number(request, "page") or 1,
            kind=kind,
            size=FAULTS_AT_ONCE,
        )
        if submission.checked_at and told.refusal is None
        else None,
        kind=kind,
        title=finding(submission),
        split=split(submission),
        counted=counted_in(submission),
        pieces=bar(submission),
        mended_in=intake.mended([submission.pk]).get(submission.pk),
        running=submission.state in RUNNING,
        stopped=intake.interruption(submission),
        may_act=may_act,
        may_withdraw=may_act
        and SubmissionState.WITHDRAWN in TRANSITIONS[SubmissionState(submission.state)],
        corrected=corrected,
        current=(submission.admitted or 0) - corrected,
        form=BecauseForm(auto_id="withdraw_%s"),
    )


@at_desk(permissions.check_see_submissions, polled=True)
@require_safe
def progress(request: DeskRequest, submission_id: int) -> HttpResponse:
    """How far a running submission has come; asked every two seconds by its receipt."""
    submission = own_submission(request, submission_id)
    if submission.state not in RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page(
        request,
        "desk/progress.html",
        submission=submission,
        stopped=intake.interruption(submission),
    )


@at_desk(permissions.check_see_submissions)
@require_safe
def marked_workbook(request: DeskRequest, submission_id: int) -> FileResponse:
    """The faulty rows with their faults in the cells, for the sender only."""
    submission = own_submission(request, submission_id)
    book = journey.marked_workbook(
        submission_id=submission.pk, at=timezone.now(), actor=request.actor
    )
    return downloads.workbook(book, _("{number}_标注.xlsx").format(number=submission.number))


@at_desk(permissions.check_see_submissions)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: DeskRequest, submission_id: int) -> HttpResponse:
    """Takes a wrong upload back, with a reason. The page is what the dialogue shows."""
    submission = own_submission(request, submission_id)
    permissions.check_submit(request.actor, unit_id=submission.unit_id)
    if request.method != "POST" and submission.state == SubmissionState.WITHDRAWN:
        return redirect("desk:receipt", submission.pk)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        journey.withdraw(
            submission_id=submission.pk,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        )
        messages.success(request, _("已撤回，理由已写进记录。需要时可以重新报送。"))
        return redirect("desk:receipt", submission.pk)
    corrected = corrected_since(submission_id=submission.pk)
    return page(
        request,
        "desk/withdraw.html",
        section="submissions",
        status=422 if form.errors else 200,
        submission=submission,
        corrected=corrected,
        current=(submission.admitted or 0) - corrected,
        form=form,
    )
