"""What is done with proposals without a signature: declining, contacts, opinions, ratings."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.duty_forms import sent
from zhengxin.desk.fitting import only_if
from zhengxin.desk.forms import BecauseForm
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.proposal_pages import (
    form_page,
    is_own,
    last_reply,
    only_in,
    only_now,
    own_units,
    posted,
    standing,
    units_to_choose,
)
from zhengxin.desk.proposals_forms import (
    ConsentForm,
    DeclineForm,
    MetForm,
    OpinionForm,
    PaperRateForm,
    RateForm,
)
from zhengxin.desk.views.proposals import seen, seen_part
from zhengxin.oversight.proposals import checks, permissions, queries
from zhengxin.oversight.proposals.enums import HandlingState
from zhengxin.oversight.proposals.models import CoHandler


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def consent(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """Notes whether who raised it agrees that the public sees it."""
    row = seen(request, proposal_id)
    leading = queries.leading_account(row)
    permissions.check_say_consent(request.actor, account_id=leading, **standing(request, row))
    form = ConsentForm(*posted(request))
    return form_page(
        request,
        form,
        lambda **by: journey.say_consent(proposal_id=proposal_id, **form.cleaned_data, **by),
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
    permissions.check_handle(request.actor, unit_id=part.unit_id, units=own_units(request))
    only_in(request, part, HandlingState.ASSIGNED)
    back = reverse("desk:proposal", args=[row.pk])
    only_if(request, lambda: checks.insist_may_decline(part, localdate()), back=back)
    form = DeclineForm(*posted(request), units=units_to_choose())
    return form_page(
        request,
        form,
        lambda **by: journey.decline_proposal(handling_id=handling_id, **form.given(), **by),
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
    permissions.check_handle(request.actor, unit_id=part.unit_id, units=own_units(request))
    only_in(request, part, HandlingState.ASSIGNED)
    form = MetForm(*posted(request), initial={"on": localdate()})
    return form_page(
        request,
        form,
        lambda **by: journey.note_contact(
            handling_id=handling_id,
            met=form.met(),
            files=sent(form.cleaned_data["evidence"]),
            **by,
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
    row, part = seen_part(request, helper.handling_id)
    permissions.check_handle(request.actor, unit_id=helper.unit_id, units=own_units(request))
    only_in(request, part, HandlingState.ASSIGNED, HandlingState.DECLINED)
    only_now(request, row, helper.given_on is None, _("会办意见已经交过"))
    form = OpinionForm(*posted(request))
    return form_page(
        request,
        form,
        lambda **by: journey.give_opinion(cohandler_id=cohandler_id, **form.cleaned_data, **by),
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
    last, writer_id = last_reply(part)
    own = is_own(part)
    permissions.check_look_over(
        request.actor, writer_id=writer_id, own=own, **standing(request, row)
    )
    only_in(request, part, HandlingState.REPLIED)
    form = BecauseForm(*posted(request))
    return form_page(
        request,
        form,
        lambda **by: journey.send_back_reply(handling_id=handling_id, **form.cleaned_data, **by),
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
        permissions.check_keep_register(request.actor, **standing(request, row))
    only_now(request, row, part.sent_on is not None, HandlingState(part.state).label)
    rated = part.opinions.filter(signer=signer).exists()
    only_now(request, row, not rated, _("已经评价过"))
    form = (RateForm if own else PaperRateForm)(*posted(request))
    draw = partial(
        form_page,
        request,
        form,
        lambda **by: journey.rate_reply(
            handling_id=handling_id,
            signer_id=signer_id,
            rated=form.rated(),
            files=form.scans(),
            **by,
        ),
        row=row,
        reply=part.replies.filter(sent_on__isnull=False).last(),
        note=_("提交后不能改。"),
        done=_("评价已记下。"),
    )
    if own:
        return draw(title=_("您对这份答复满意吗？"), verb=_("提交评价"))
    return draw(title=_("录入{name}的评价").format(name=signer.delegate.name), verb=_("录入评价"))
