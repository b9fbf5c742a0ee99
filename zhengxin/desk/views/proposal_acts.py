"""What is done with proposals without a signature: registering, contacts, opinions, ratings."""

from collections.abc import Callable
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
from zhengxin.desk.forms import BecauseForm, DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.proposals_forms import (
    BindForm,
    ConsentForm,
    DeclineForm,
    EndOfficeForm,
    ImportForm,
    MetForm,
    OpinionForm,
    PaperRateForm,
    ProposalForm,
    RateForm,
)
from zhengxin.desk.views.proposals import seen, seen_part
from zhengxin.evidence.types import Sent
from zhengxin.oversight.proposals import permissions, queries
from zhengxin.oversight.proposals.enums import ProposalKind
from zhengxin.oversight.proposals.models import CoHandler, Delegate, Office, Proposal
from zhengxin.oversight.proposals.reading import ListFaulty
from zhengxin.oversight.proposals.types import Met, Raised, Rated
from zhengxin.subjects import queries as subjects


def posted(request: DeskRequest) -> list[Any]:
    """What a form is made of."""
    return [request.POST, request.FILES] if request.method == "POST" else []


def units_to_choose() -> list[tuple[str, str]]:
    """Every open unit, in the county's own order."""
    return [(str(unit.id), unit.name) for unit in subjects.units(timezone.localdate())]


def _form_page(
    request: DeskRequest,
    form: DeskForm,
    act: Callable[[], object],
    *,
    row: Proposal | None,
    title: str,
    verb: str,
    done: str,
    back: str = "",
    **more: Any,
) -> HttpResponse:
    """A form without a signature: carries the act out and goes back, or draws the page."""
    to = back or (reverse("desk:proposal", args=[row.pk]) if row else reverse("desk:proposals"))
    if request.method == "POST" and form.is_valid():
        act()
        messages.success(request, done)
        return redirect(to)
    return page(
        request,
        "desk/proposal_act.html",
        section="oversight",
        tab="proposals",
        status=422 if form.errors else 200,
        form=form,
        row=row,
        title=title,
        verb=verb,
        back=to,
        **more,
    )


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

    def act() -> None:
        said = form.cleaned_data
        fields = ("kind", "session", "number", "title", "text", "received_on")
        raised = Raised(
            **{key: said[key] for key in fields},
            signers=form.signers(),
            difficult=said["difficult"],
            consent=said["consent"],
        )
        journey.register_proposal(raised=raised, at=timezone.now(), actor=request.actor)

    return _form_page(
        request,
        form,
        act,
        row=None,
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


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def consent(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """Notes whether who raised it agrees that the public sees it."""
    row = seen(request, proposal_id)
    today = timezone.localdate()
    permissions.check_say_consent(
        request.actor,
        account_id=queries.leading_account(row),
        offices=queries.offices(row.kind, today),
        units=queries.own_units(request.actor, today),
    )
    form = ConsentForm(*posted(request))
    return _form_page(
        request,
        form,
        lambda: journey.say_consent(
            proposal_id=proposal_id,
            **form.cleaned_data,
            at=timezone.now(),
            actor=request.actor,
        ),
        row=row,
        title=_("提出人是否同意公开"),
        verb=_("记下"),
        done=_("已记下。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decline(request: DeskRequest, handling_id: int) -> HttpResponse:
    """The unit says that it is the wrong one."""
    row, part = seen_part(request, handling_id)
    units = queries.own_units(request.actor, timezone.localdate())
    permissions.check_handle(request.actor, unit_id=part.unit_id, units=units)
    form = DeclineForm(*posted(request), units=units_to_choose())
    return _form_page(
        request,
        form,
        lambda: journey.decline_proposal(
            handling_id=handling_id,
            because=form.cleaned_data["because"],
            proposed_id=int(form.cleaned_data["proposed"] or 0) or None,
            at=timezone.now(),
            actor=request.actor,
        ),
        row=row,
        title=_("这一件不归本单位办？"),
        verb=_("申请退办"),
        danger=True,
        note=_("由交办单位决定改交还是不准。决定以前，答复期限照样计算。"),
        done=_("已申请退办，等交办单位决定。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def contact(request: DeskRequest, handling_id: int) -> HttpResponse:
    """Notes how the unit spoke with who raised it."""
    row, part = seen_part(request, handling_id)
    units = queries.own_units(request.actor, timezone.localdate())
    permissions.check_handle(request.actor, unit_id=part.unit_id, units=units)
    form = MetForm(*posted(request), initial={"on": timezone.localdate()})
    return _form_page(
        request,
        form,
        lambda: journey.note_contact(
            handling_id=handling_id,
            met=Met(**form.cleaned_data),
            files=[],
            at=timezone.now(),
            actor=request.actor,
        ),
        row=row,
        title=_("记下与提出人的沟通"),
        verb=_("记下"),
        note=_("答复前要沟通。记下以后不能改，说错了再记一条。"),
        done=_("已记下，负责人可以签署答复了。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def opinion(request: DeskRequest, cohandler_id: int) -> HttpResponse:
    """A helping unit gives the lead its opinion."""
    helper = CoHandler.objects.filter(pk=cohandler_id).first()
    if helper is None:
        raise NotYours(_("没有找到这一件。"), "", _("请从建议提案列表里打开。"))
    row, _part = seen_part(request, helper.handling_id)
    units = queries.own_units(request.actor, timezone.localdate())
    permissions.check_handle(request.actor, unit_id=helper.unit_id, units=units)
    form = OpinionForm(*posted(request))
    return _form_page(
        request,
        form,
        lambda: journey.give_opinion(
            cohandler_id=cohandler_id,
            opinion=form.cleaned_data["opinion"],
            at=timezone.now(),
            actor=request.actor,
        ),
        row=row,
        title=_("会办意见"),
        verb=_("交给主办单位"),
        done=_("意见已交给主办单位。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send_back(request: DeskRequest, handling_id: int) -> HttpResponse:
    """The office sends a reply back to be written anew."""
    row, part = seen_part(request, handling_id)
    last = part.replies.order_by("-id").first()
    today = timezone.localdate()
    permissions.check_look_over(
        request.actor,
        writer_id=last.writer_id if last else 0,
        offices=queries.offices(row.kind, today),
        units=queries.own_units(request.actor, today),
    )
    form = BecauseForm(*posted(request))
    return _form_page(
        request,
        form,
        lambda: journey.send_back_reply(
            handling_id=handling_id,
            because=form.cleaned_data["because"],
            at=timezone.now(),
            actor=request.actor,
        ),
        row=row,
        reply=last,
        title=_("退回这份答复？"),
        verb=_("退回重写"),
        danger=True,
        note=_("答复期限照样计算，退回的答复留在经过里。"),
        done=_("已退回，承办单位要重写。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rate(request: DeskRequest, handling_id: int, signer_id: int) -> HttpResponse:
    """What a signer says of a reply: by the own account, or by the office from a paper form."""
    row, part = seen_part(request, handling_id)
    signer = queries.signer(part, signer_id)
    own = permissions.can_rate(request.actor, account_id=signer.delegate.account_id)
    if not own:
        today = timezone.localdate()
        permissions.check_keep_register(
            request.actor,
            offices=queries.offices(row.kind, today),
            units=queries.own_units(request.actor, today),
        )
    form = (RateForm if own else PaperRateForm)(*posted(request))

    def act() -> None:
        said = form.cleaned_data
        scan = said.get("scan")
        journey.rate_reply(
            handling_id=handling_id,
            signer_id=signer_id,
            rated=Rated(said["contact"], said["result"], said["words"]),
            files=[Sent(scan.name, scan.read())] if scan else [],
            at=timezone.now(),
            actor=request.actor,
        )

    return _form_page(
        request,
        form,
        act,
        row=row,
        reply=part.replies.filter(sent_on__isnull=False).last(),
        title=_("您对这份答复满意吗？")
        if own
        else _("录入{name}的评价").format(name=signer.delegate.name),
        verb=_("提交评价") if own else _("录入评价"),
        note=_("提交后不能改。"),
        done=_("评价已记下。"),
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
    return _form_page(
        request,
        form,
        lambda: journey.end_proposal_office(
            office_id=office_id,
            until_on=form.cleaned_data["until_on"],
            at=timezone.now(),
            actor=request.actor,
        ),
        row=None,
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
    return _form_page(
        request,
        form,
        lambda: journey.bind_delegate(
            delegate_id=delegate_id,
            username=form.cleaned_data["username"].strip(),
            at=timezone.now(),
            actor=request.actor,
        ),
        row=None,
        back=reverse("desk:proposal-delegates"),
        title=_("{name}的账号").format(name=row.name),
        verb=_("绑定"),
        note=_("绑定后，这个账号能看到本人领衔和联名的，并作出评价。请先核对是本人。"),
        done=_("已登记。"),
    )
