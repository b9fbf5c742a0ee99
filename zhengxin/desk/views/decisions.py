"""Grading breaches, releasing free text, withholding: decisions of named officials."""

from collections.abc import Collection, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.desk.asked import number
from zhengxin.desk.forms import GradeForm, ReleaseForm, ReviewForm, WithholdForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.journey.records import record, records
from zhengxin.journey.showing import entry_sheet
from zhengxin.kernel.refused import Refused
from zhengxin.publication import queries as publication
from zhengxin.publication.enums import Grade, NoticeState, WithholdReason
from zhengxin.publication.models import Notice
from zhengxin.publication.types import WaitingEntry
from zhengxin.subjects import queries as subjects

AT_ONCE = 20
# Nothing is left to withhold.
GONE = (WithholdReason.SUPERSEDED, WithholdReason.WITHDRAWN, WithholdReason.ERASED)


def _notice(
    request: DeskRequest, entry_id: int, states: Collection[str], grounds: Collection[str] = ()
) -> Notice:
    """The notice of an entry that still waits for this decision. Raises NotYours."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    found = publication.notice(entry_id)
    if (
        found is None
        or (found.state not in states and found.withheld not in grounds)
        or (units is not None and found.unit_id not in units)
    ):
        raise NotYours(
            _("这一条现在不用办理。"),
            _("它已经办过，或者已被更正、撤回。"),
            _("请从列表里打开。"),
        )
    return found


def _names(rows: Sequence[WaitingEntry]) -> dict[int, str]:
    return subjects.subject_names({row.subject_id for row in rows} | {row.unit_id for row in rows})


@at_desk(permissions.check_grade)
@require_safe
def grading(request: DeskRequest) -> HttpResponse:
    """Breaches without a grade, newest first."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    found = publication.waiting_for_grade(
        units, before=number(request, "before"), limit=AT_ONCE + 1
    )
    rows = found[:AT_ONCE]
    return page(
        request,
        "desk/grading.html",
        section="grading",
        rows=rows,
        n=publication.count_waiting(units)["grade"],
        names=_names(rows),
        older=rows[-1].entry_id if len(found) > AT_ONCE else None,
        at_start=number(request, "before") is None,
    )


@at_desk(permissions.check_grade)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def grade(request: DeskRequest, entry_id: int) -> HttpResponse:
    """One breach and its grade."""
    notice = _notice(request, entry_id, (NoticeState.UNGRADED,))
    verdict = publication.verdict(entry_id)
    form = GradeForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: entry_sheet("grading", entry_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: journey.grade(
            entry_id=entry_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        chosen = form.cleaned_data["grade"]
        messages.success(request, _("已定为{grade}失信。").format(grade=Grade(chosen).label))
        return redirect("desk:grading")
    looked_at(
        request,
        "entry.read",
        "entry",
        entry_id,
        purpose=_("办理定级"),
        subject_id=notice.subject_id,
    )
    return page(
        request,
        "desk/grade.html",
        section="grading",
        status=signing.status(form),
        signing=signing,
        because=verdict.because if verdict else "",
        record=record(entry_id),
        names=subjects.subject_names({notice.subject_id, notice.unit_id}),
        form=form,
    )


@at_desk(permissions.check_release)
@require_safe
def release(request: DeskRequest) -> HttpResponse:
    """Records shown or soon shown whose free text nobody has released, newest first."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    found = publication.waiting_for_release(
        units, before=number(request, "before"), limit=AT_ONCE + 1
    )
    rows = found[:AT_ONCE]
    return page(
        request,
        "desk/release.html",
        section="release",
        rows=rows,
        n=publication.count_waiting(units)["release"],
        held={each.entry_id: each for each in records([each.entry_id for each in rows])},
        names=_names(rows),
        older=rows[-1].entry_id if len(found) > AT_ONCE else None,
        at_start=number(request, "before") is None,
    )


@at_desk(permissions.check_release)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def release_text(request: DeskRequest, entry_id: int) -> HttpResponse:
    """One record's texts; those with a person's number in them cannot be chosen."""
    notice = _notice(request, entry_id, (NoticeState.SHOWN, NoticeState.SCHEDULED))
    held = record(entry_id)
    clean = [(text.code, text.label) for text in held.texts if not text.numbers]
    form = ReleaseForm(request.POST if request.method == "POST" else None, choices=clean)
    signing = SigningBlock(request, lambda _nonce: entry_sheet("text_release", entry_id))
    if request.method == "POST":
        asked = set(request.POST.getlist("fields_chosen"))
        if found := [text.numbers for text in held.texts if text.code in asked and text.numbers]:
            raise Refused(
                _("没有公开：文字里有{kinds}。").format(kinds="、".join(dict.fromkeys(found))),
                _("个人的号码不得出现在任何公开的内容里。"),
                _("请报送单位删去号码后重新报送更正，再来审核。"),
            )
    done = signing.done(
        form,
        lambda: {
            "fields": sorted(form.cleaned_data["fields_chosen"]),
            "because": form.cleaned_data["because"],
        },
        lambda signed: journey.release_text(
            entry_id=entry_id,
            fields=form.cleaned_data["fields_chosen"],
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已放行，下次公示时与记录一起公开。"))
        return redirect("desk:release")
    looked_at(
        request,
        "entry.read",
        "entry",
        entry_id,
        purpose=_("审核文字"),
        subject_id=notice.subject_id,
    )
    return page(
        request,
        "desk/release_text.html",
        section="release",
        status=signing.status(form),
        signing=signing,
        record=held,
        clean=bool(clean),
        names=subjects.subject_names({notice.subject_id, notice.unit_id}),
        form=form,
    )


@at_desk(permissions.check_release)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withhold(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Takes one record off the board for a stated ground, or says that one under review may be shown."""
    notice = _notice(request, entry_id, NoticeState.values)
    if notice.withheld in GONE or entry_id in publication.sealed([entry_id]):
        raise NotYours(
            _("这一条现在不用办理。"),
            _("它已被更正、撤回、抹去，或者已经封存。"),
            _("请从列表里打开。"),
        )
    review = notice.withheld == WithholdReason.REVIEW
    held = record(entry_id)
    kind = ReviewForm if review else WithholdForm
    form = kind(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: entry_sheet("withholding", entry_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data | {"review_on": form.cleaned_data["review_on"] or ""},
        lambda signed: journey.withhold(
            entry_id=entry_id,
            **form.cleaned_data,
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        if form.cleaned_data["reason"]:
            messages.success(request, _("已改为不公开，下次公示时从公开站撤下。"))
        else:
            messages.success(request, _("已认定可以公示，下次公示时显示。"))
        if form.cleaned_data["reason"] == WithholdReason.STATE_SECRET:
            # From now on its page opens to nobody.
            return redirect("desk:notices")
        return redirect("desk:notice", entry_id)
    looked_at(
        request,
        "entry.read",
        "entry",
        entry_id,
        purpose=_("复核是否公示") if review else _("办理不公开"),
        subject_id=notice.subject_id,
    )
    return page(
        request,
        "desk/withhold.html",
        section="release",
        review=review,
        doubted=entry_id in publication.doubted([entry_id]),
        status=signing.status(form),
        signing=signing,
        record=held,
        names=subjects.subject_names({notice.subject_id, notice.unit_id}),
        form=form,
    )
