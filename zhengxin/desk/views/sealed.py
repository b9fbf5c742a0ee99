"""Records that the law seals: which there are, not what they say; and a seal set by mistake is lifted."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.desk.asked import number
from zhengxin.desk.forms import DeskForm, reason_field
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.intake import queries as intake
from zhengxin.journey.records import kind_labels
from zhengxin.journey.showing import seal_sheet
from zhengxin.journey.unsealing import recorders
from zhengxin.ledger import queries as ledger
from zhengxin.publication import permissions
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


class LiftSealForm(DeskForm):
    """On which basis and why a record is sealed no longer."""

    basis = reason_field(
        lazy("依据"),
        lazy("写明这份文书实际依据的法律和条款，对照了哪份原件。会写进记录，不要写当事人的姓名。"),
    )
    because = reason_field()
    confirmed = forms.BooleanField(
        label=lazy("我已对照文书原件：它不是依治安管理处罚法作出的，解除以后照别的规定公示。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


@at_desk(permissions.check_lift_seal)
@require_safe
def sealed(request: DeskRequest) -> HttpResponse:
    """Sealed records that stand, newest first: kind, unit and arrival, neither party nor words."""
    before = number(request, "before")
    found = publication.sealed_notices(before, AT_ONCE + 1)
    rows = found[:AT_ONCE]
    return page(
        request,
        "desk/sealed.html",
        section="notices",
        rows=rows,
        came=dict(ledger.entries([row.entry_id for row in rows]).values_list("id", "known_at")),
        older=rows[-1].entry_id if len(found) > AT_ONCE else None,
        at_start=before is None,
        kinds=kind_labels(),
        names=subjects.subject_names({row.unit_id for row in rows}),
    )


@at_desk(permissions.check_lift_seal)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def lift_seal(request: DeskRequest, entry_id: int) -> HttpResponse:
    """Lifts the seal of one record's document. The page shows which record it is, not what it says."""
    notice = publication.notice(entry_id)
    if notice is None or entry_id not in publication.sealed_by_law([entry_id]):
        raise NotYours(
            _("这条记录没有依治安管理处罚法封存。"),
            _("编号有误，或者封存已经解除。"),
            _("请从封存的记录里打开。"),
        )
    form = LiftSealForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: seal_sheet(entry_id))
    done = signing.done(
        form,
        lambda: {key: form.cleaned_data[key] for key in ("basis", "because")},
        lambda signed: journey.lift_seal(
            entry_id=entry_id,
            basis=form.cleaned_data["basis"],
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("封存已解除，依据和理由已写进登记簿；这份文书照别的规定办理。"))
        return redirect("desk:sealed")
    entry = ledger.entry(entry_id)
    return page(
        request,
        "desk/lift_seal.html",
        section="notices",
        status=signing.status(form),
        signing=signing,
        entry=entry,
        kind=kind_labels().get(entry.kind, entry.kind),
        unit=subjects.subject_names([notice.unit_id]).get(notice.unit_id, ""),
        sent=[intake.submission(pk) for pk in sorted(intake.sent_with([entry]))],
        other=permissions.can_lift_seal(request.actor, recorded_by=recorders(entry_id)),
        form=form,
    )
