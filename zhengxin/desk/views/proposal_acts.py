"""What is done with proposals without a signature: registering, contacts, opinions, ratings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.forms import BecauseForm, DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.proposals_forms import (
    ConsentForm,
    DeclineForm,
    MetForm,
    OpinionForm,
    PaperRateForm,
    RateForm,
)
from zhengxin.desk.views.proposals import seen, seen_part
from zhengxin.evidence.types import Sent
from zhengxin.oversight.proposals import permissions, queries
from zhengxin.oversight.proposals.models import CoHandler, Proposal
from zhengxin.oversight.proposals.types import Rated
from zhengxin.subjects import queries as subjects


def posted(request: DeskRequest) -> list[Any]:
    """What a form is made of."""
    return [request.POST, request.FILES] if request.method == "POST" else []


def units_to_choose() -> list[tuple[str, str]]:
    """Every open unit, in the county's own order."""
    return [(str(unit.id), unit.name) for unit in subjects.units(timezone.localdate())]


def form_page(
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
    return form_page(
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
    return form_page(
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
    return form_page(
        request,
        form,
        lambda: journey.note_contact(
            handling_id=handling_id,
            met=form.met(),
            files=sent(form.cleaned_data["evidence"]),
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
    return form_page(
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
    return form_page(
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

    return form_page(
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
