"""Sending a file or one row, the list of submissions, withdrawing one."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.desk import downloads
from zhengxin.desk.asked import number
from zhengxin.desk.forms import UploadForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, refusal_page
from zhengxin.desk.once import once
from zhengxin.desk.row_form import RowForm
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.journey.arriving import corrected_since
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.subjects import queries as subjects

AT_ONCE = 30


class TooLarge(Refused):
    """A file over the door's limit."""


def _too_large(request: HttpRequest) -> TooLarge | None:
    """The refusal of a body over the limit, decided from its announced length, before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit = settings.DESK_UPLOAD_LIMIT
    if length.isdecimal() and int(length) <= limit:
        return None
    return TooLarge(
        _("没有接收这份文件：它超过{limit}MB。").format(limit=limit // (1024 * 1024)),
        _("网页上传大文件容易中断，所以工作台只收{limit}MB以内的文件。").format(
            limit=limit // (1024 * 1024)
        ),
        _("请用命令行报送，不限大小：zhengxin intake 文件 --source 来源。也可以分成几份上传。"),
    )


def own_submission(request: DeskRequest, submission_id: int) -> Submission:
    """A submission of a unit whose records the actor may see. Raises NotYours."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    submission = Submission.objects.filter(pk=submission_id).first()
    if submission is None or (units is not None and submission.unit_id not in units):
        raise NotYours(
            _("没有找到这一批。"),
            _("编号不对，或者不是您单位报送的。"),
            _("请从报送列表里打开，或核对编号。"),
        )
    return submission


@at_desk(permissions.check_see_submissions)
@require_safe
def submissions(request: DeskRequest) -> HttpResponse:
    """All submissions the actor may see, newest first; filters live in the address."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    chosen = {key: request.GET.get(key, "") for key in ("source", "state", "unit")}
    rows = intake.submissions(
        unit_ids=units, source=chosen["source"], state=chosen["state"], unit_id=chosen["unit"]
    )
    paginator = Paginator(rows, AT_ONCE)
    names = {source.name: source.title for source in intake.sources()}
    shown = paginator.get_page(request.GET.get("page"))
    return page(
        request,
        "desk/submissions.html",
        section="submissions",
        rows=shown,
        titles=names,
        unit_names=subjects.subject_names({row.unit_id for row in shown}),
        many_units=units is None,
        units=subjects.units(timezone.localdate()) if units is None else [],
        states=SubmissionState.choices,
        chosen=chosen,
        may_submit=may(permissions.check_submit, request.actor),
    )


@at_desk(permissions.check_submit)
@require_safe
def choose_source(request: DeskRequest) -> HttpResponse:
    """Which source to send: those the actor's unit has the power to send today."""
    today = timezone.localdate()
    unit_id = _sending_unit(request)
    ways = [
        (source, *subjects.may_send(unit_id, source.name, today)) for source in intake.sources()
    ]
    return page(
        request,
        "desk/choose_source.html",
        section="submissions",
        open_sources=[source for source, allowed, _why in ways if allowed],
        closed_sources=[(source, why) for source, allowed, why in ways if not allowed],
    )


@csrf_exempt  # the length is looked at first; `_upload` itself is protected
@at_desk(permissions.check_submit)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: DeskRequest, source: str) -> HttpResponse:
    """Sends a file for a source."""
    if request.method == "POST" and (refused := _too_large(request)):
        return refusal_page(request, refused, status=413)
    return _upload(request, source)


@csrf_protect
def _upload(request: DeskRequest, source: str) -> HttpResponse:
    described = intake.source(source)
    _insist_on_power(request, source)
    asked = number(request, "mends")
    mends = own_submission(request, asked) if asked else None
    form = UploadForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        before = timezone.now()
        submission = journey.submit(
            upload=file,
            filename=file.name,
            source=source,
            unit_id=_sending_unit(request),
            mends=mends.pk if mends else None,
            at=before,
            actor=request.actor,
        )
        if submission.received_at < before:
            messages.warning(
                request, _("这份文件以前收到过，内容逐字节相同，没有重复收。这是原来的回执。")
            )
            if corrected := corrected_since(submission_id=submission.pk):
                messages.warning(
                    request,
                    _(
                        "其中{n}行后来又报送更正过，现行的是更正后的记录。要改回这一份的内容，请在网页上逐行填报，"
                        "或在文件末尾添一个空行再上传。"
                    ).format(n=corrected),
                )
        return redirect("desk:receipt", submission.pk)
    return page(
        request,
        "desk/submit.html",
        section="submissions",
        status=422 if form.errors else 200,
        form=form,
        source=described,
        mends=mends,
    )


def _insist_on_power(request: DeskRequest, source: str) -> None:
    """Says at once, before anything is filled in, when the unit may not send this source today."""
    allowed = subjects.may_send(_sending_unit(request), source, timezone.localdate())
    if not allowed:
        raise NotAllowed(
            _("您的单位不能报送这个来源。"),
            allowed.because,
            _("如有新的职责依据，请联系县发改局登记。"),
        )


def _sending_unit(request: DeskRequest) -> int:
    if request.actor.unit_id is None:
        raise NotYours(_("没有接收：您的岗位没有单位。"), "", _("请换一个岗位再报送。"))
    return request.actor.unit_id


@at_desk(permissions.check_submit)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def one_row(request: DeskRequest, source: str) -> HttpResponse:
    """One row entered by hand, with every field of the source."""
    described = intake.source(source)
    _insist_on_power(request, source)
    form = RowForm(
        described,
        request.POST if request.method == "POST" else None,
        unit=subjects.unit(_sending_unit(request)),
    )
    if request.method == "POST" and form.is_valid():
        submission = journey.submit_form(
            source=source,
            values=form.row(),
            unit_id=_sending_unit(request),
            at=timezone.now(),
            actor=request.actor,
        )
        return redirect("desk:receipt", submission.pk)
    return page(
        request,
        "desk/one_row.html",
        section="submissions",
        status=422 if form.errors else 200,
        form=form,
        source=described,
    )


@at_desk(permissions.check_submit)
@require_safe
def template_workbook(request: DeskRequest, source: str) -> HttpResponse:
    """The Excel template of a source."""
    described = intake.source(source)
    made = journey.template_workbook(source=source, at=timezone.now(), actor=request.actor)
    return HttpResponse(
        made,
        content_type=downloads.XLSX,
        headers={
            "Content-Disposition": downloads.attachment_name(
                _("{title}_模板.xlsx").format(title=described.title)
            )
        },
    )
