"""The register of proposals: one by hand, a session's list, who assigns, whose account is whose."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.proposal_pages import form_page, posted
from zhengxin.desk.proposals_forms import (
    BindForm,
    EndOfficeForm,
    ImportForm,
    ProposalForm,
)
from zhengxin.oversight.proposals import permissions, queries
from zhengxin.oversight.proposals.enums import ProposalKind
from zhengxin.oversight.proposals.models import Delegate, Office
from zhengxin.oversight.proposals.reading import ListFaulty
from zhengxin.oversight.proposals.types import Raised
from zhengxin.subjects import queries as subjects


def _insist_keeps(request: DeskRequest) -> frozenset[str]:
    """The kinds whose register the reader keeps. Raises NotAllowed where there is none."""
    today = timezone.localdate()
    units = queries.own_units(request.actor, today)
    offices = {kind: queries.offices(kind, today) for kind in ProposalKind.values}
    kept = frozenset(
        kind
        for kind, each in offices.items()
        if permissions.can_keep_register(request.actor, offices=each, units=units)
    )
    if not kept:
        permissions.check_keep_register(
            request.actor, offices=offices[ProposalKind.SUGGESTION], units=units
        )
    return kept


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def register(request: DeskRequest) -> HttpResponse:
    """Registers one suggestion or proposal."""
    _insist_keeps(request)
    form = ProposalForm(*posted(request), initial={"received_on": timezone.localdate()})

    def act(**by: Any) -> None:
        said = form.cleaned_data
        fields = ("kind", "session", "number", "title", "text", "received_on")
        raised = Raised(
            **{key: said[key] for key in fields},
            signers=form.signers(),
            difficult=said["difficult"],
            consent=said["consent"],
        )
        journey.register_proposal(raised=raised, **by)

    return form_page(
        request,
        form,
        act,
        title=_("登记一件建议提案"),
        verb=_("登记"),
        done=_("已登记，可以交办了。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def import_list(request: DeskRequest) -> HttpResponse:
    """Registers a session's list, whole or not at all; every fault with row and column."""
    _insist_keeps(request)
    form = ImportForm(*posted(request), initial={"received_on": timezone.localdate()})
    faulty: ListFaulty | None = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            n = journey.import_proposals(
                name=said["file"].name,
                content=said["file"].read(),
                session=said["session"],
                received_on=said["received_on"],
                at=timezone.now(),
                actor=request.actor,
            )
        except ListFaulty as refused:
            faulty = refused
        else:
            messages.success(request, _("已导入{n}件，可以交办了。").format(n=n))
            return redirect("desk:proposals")
    return page(
        request,
        "desk/import_proposals.html",
        section="oversight",
        tab="proposals",
        status=422 if form.errors or faulty else 200,
        form=form,
        faulty=faulty,
    )


@at_desk(permissions.check_see_figures)
@require_safe
def offices(request: DeskRequest) -> HttpResponse:
    """Which units assign, since when, on what basis."""
    rows = list(queries.office_rows())
    return page(
        request,
        "desk/proposal_offices.html",
        section="oversight",
        tab="proposals",
        rows=rows,
        names=subjects.subject_names({each.unit_id for each in rows}),
        may_name=permissions.can_name_office(request.actor),
        today=timezone.localdate(),
    )


@at_desk(permissions.check_name_office)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end_office(request: DeskRequest, office_id: int) -> HttpResponse:
    """The last day of an assigning office."""
    row = Office.objects.filter(pk=office_id).first()
    if row is None:
        raise NotYours(_("没有这条登记。"), "", _("请从交办单位列表里打开。"))
    form = EndOfficeForm(*posted(request), initial={"until_on": timezone.localdate()})
    name = subjects.subject_names([row.unit_id]).get(row.unit_id, "")
    return form_page(
        request,
        form,
        lambda **by: journey.end_proposal_office(office_id=office_id, **form.cleaned_data, **by),
        back=reverse("desk:proposal-offices"),
        title=_("{unit}不再交办？").format(unit=name),
        verb=_("结束"),
        danger=True,
        note=_("已经交办的照常办完。"),
        done=_("已登记结束日期。"),
    )


@at_desk(permissions.check_see_proposals)
@require_safe
def delegates(request: DeskRequest) -> HttpResponse:
    """Whoever ever raised one, and which account is theirs."""
    _insist_keeps(request)
    words = request.GET.get("q", "").strip()
    rows = list(queries.delegates(words)[: 500 + 1])
    known = accounts.usernames({each.account_id for each in rows if each.account_id})
    return page(
        request,
        "desk/proposal_delegates.html",
        section="oversight",
        tab="proposals",
        rows=rows[:500],
        more=len(rows) > 500,
        usernames=known,
        words=words,
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def bind(request: DeskRequest, delegate_id: int) -> HttpResponse:
    """Which account signs in as this deputy or member."""
    kinds = _insist_keeps(request)
    row = Delegate.objects.filter(pk=delegate_id, kind__in=kinds).first()
    if row is None:
        raise NotYours(_("没有找到这位代表或委员。"), "", _("请从名单里打开。"))
    known = accounts.usernames({row.account_id} if row.account_id else set())
    form = BindForm(*posted(request), initial={"username": known.get(row.account_id or 0, "")})
    return form_page(
        request,
        form,
        lambda **by: journey.bind_delegate(
            delegate_id=delegate_id, username=form.cleaned_data["username"].strip(), **by
        ),
        back=reverse("desk:proposal-delegates"),
        title=_("{name}的账号").format(name=row.name),
        verb=_("绑定"),
        note=_("绑定后，这个账号能看到本人领衔和联名的，并作出评价。请先核对是本人。"),
        done=_("已登记。"),
    )
