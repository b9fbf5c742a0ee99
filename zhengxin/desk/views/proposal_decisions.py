"""What is decided about proposals, signed: assignment, returns, terms, replies, release."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengxin import journey
from zhengxin.desk.fitting import only_if
from zhengxin.desk.forms import BecauseForm, DeskForm
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.proposal_pages import (
    is_own,
    last_reply,
    only_in,
    only_now,
    own_units,
    posted,
    signed_page,
    standing,
    units_to_choose,
)
from zhengxin.desk.proposals_forms import AssignForm, DecideDeclinedForm, OfficeForm, ReplyForm
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.proposals import seen, seen_part
from zhengxin.duties import standing as duties
from zhengxin.journey.proposal_sheets import handling_sheet, new_office_sheet, proposal_sheet
from zhengxin.oversight.proposals import checks, permissions
from zhengxin.oversight.proposals.enums import Consent, HandlingState


class SendForm(DeskForm):
    """Nothing to fill in: the reply goes out as it stands."""


def _on_part(request: DeskRequest, act: str, handling_id: int) -> SigningBlock:
    """The block of signature of an act on one part."""
    return SigningBlock(request, lambda _nonce: handling_sheet(act, handling_id))


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def assign(request: DeskRequest, proposal_id: int) -> HttpResponse:
    """Assigns a proposal."""
    row = seen(request, proposal_id)
    permissions.check_assign(request.actor, **standing(request, row))
    only_now(request, row, row.assigned_on is None, _("已经交办"))
    form = AssignForm(
        *posted(request), units=units_to_choose(), initial={"difficult": row.difficult}
    )
    return signed_page(
        request,
        form,
        SigningBlock(request, lambda _nonce: proposal_sheet("proposal_assigned", row.pk)),
        partial(journey.assign_proposal, proposal_id=proposal_id),
        row=row,
        title=_("交给谁办？"),
        verb=_("交办"),
        done=_("已交办，答复期限从明天起算。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide_declined(request: DeskRequest, handling_id: int) -> HttpResponse:
    """Decides on a unit's word that it is the wrong one."""
    row, part = seen_part(request, handling_id)
    permissions.check_assign(request.actor, **standing(request, row))
    only_in(request, part, HandlingState.DECLINED)
    form = DecideDeclinedForm(*posted(request), units=units_to_choose())
    return signed_page(
        request,
        form,
        _on_part(request, "proposal_declined", handling_id),
        partial(journey.decide_declined, handling_id=handling_id),
        row=row,
        title=_("退办申请怎样决定？"),
        verb=_("作出决定"),
        declined=part.declined.order_by("-id").first(),
        done=_("已决定，承办单位看得到。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def extend(request: DeskRequest, handling_id: int) -> HttpResponse:
    """Six months instead of three, once."""
    row, part = seen_part(request, handling_id)
    permissions.check_assign(request.actor, **standing(request, row))
    only_in(request, part, HandlingState.ASSIGNED, HandlingState.DECLINED)
    duty, today = duties.duty(part.duty_id), timezone.localdate()
    only_if(
        request,
        lambda: checks.insist_extendable(part, duty.opened_on or today, duty.due_on, today),
        back=reverse("desk:proposal", args=[row.pk]),
    )
    form = BecauseForm(*posted(request))
    return signed_page(
        request,
        form,
        _on_part(request, "proposal_extended", handling_id),
        partial(journey.extend_proposal, handling_id=handling_id),
        row=row,
        title=_("延长答复期限？"),
        verb=_("延长到6个月"),
        note=_("只能延长一次。新的期限仍从交办的次日起算，提出人看得到理由。"),
        done=_("期限已延长。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reply(request: DeskRequest, handling_id: int) -> HttpResponse:
    """The leader signs the reply of the unit."""
    row, part = seen_part(request, handling_id)
    permissions.check_reply(request.actor, unit_id=part.unit_id, units=own_units(request))
    only_in(request, part, HandlingState.ASSIGNED)
    met = part.contacts.exists()
    only_now(request, row, met, _("还没有记下与代表、委员的沟通"))
    last, _writer_id = last_reply(part)
    initial = {"text": last.text, "answer_class": last.answer_class} if last else {}
    form = ReplyForm(*posted(request), initial=initial)
    return signed_page(
        request,
        form,
        _on_part(request, "proposal_replied", handling_id),
        partial(journey.reply_to_proposal, handling_id=handling_id),
        row=row,
        title=_("签署答复"),
        verb=_("签署答复"),
        contacts=list(part.contacts.order_by("id")),
        cohandlers=list(part.cohandlers.order_by("id")),
        sent_back=last.sent_back_because if last else "",
        note=_("签署后交给交办单位审核，由它发给提出人。"),
        done=_("已签署，等交办单位审核发出。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send(request: DeskRequest, handling_id: int) -> HttpResponse:
    """The office sends a reply out."""
    row, part = seen_part(request, handling_id)
    last, writer_id = last_reply(part)
    own = is_own(part)
    permissions.check_look_over(
        request.actor, writer_id=writer_id, own=own, **standing(request, row)
    )
    only_in(request, part, HandlingState.REPLIED)
    form = SendForm(*posted(request))
    return signed_page(
        request,
        form,
        _on_part(request, "proposal_sent", handling_id),
        partial(journey.send_reply, handling_id=handling_id),
        row=row,
        reply=last,
        title=_("发出这份答复？"),
        verb=_("发出答复"),
        note=_("发出后提出人看得到，可以评价；承诺了办结日期的，从今天起是承办单位的一项职责。"),
        done=_("答复已发出，等提出人评价。"),
    )


@at_desk(permissions.check_see_proposals)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def release(request: DeskRequest, handling_id: int) -> HttpResponse:
    """Another person lets the public read a reply."""
    row, part = seen_part(request, handling_id)
    last, writer_id = last_reply(part)
    permissions.check_release(request.actor, writer_id=writer_id, **standing(request, row))
    only_now(request, row, last is not None and last.sent_on is not None, _("答复还没有发出"))
    only_now(request, row, row.consent == Consent.YES, _("提出人没有同意公开"))
    only_now(request, row, last is None or last.released_on is None, _("已经准予公开"))
    form = BecauseForm(*posted(request))
    return signed_page(
        request,
        form,
        _on_part(request, "proposal_released", handling_id),
        partial(journey.release_reply, handling_id=handling_id),
        row=row,
        reply=last,
        title=_("公开这份答复的全文？"),
        verb=_("准予公开"),
        note=_("请通读全文：不得有个人的隐私，也不得有不宜公开的内容。"),
        done=_("已准予公开。"),
    )


@at_desk(permissions.check_name_office)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def name_office(request: DeskRequest) -> HttpResponse:
    """Registers a unit that assigns."""
    form = OfficeForm(
        *posted(request), units=units_to_choose(), initial={"from_on": timezone.localdate()}
    )
    return signed_page(
        request,
        form,
        SigningBlock(request, new_office_sheet),
        journey.name_proposal_office,
        back=reverse("desk:proposal-offices"),
        title=_("登记交办单位"),
        verb=_("登记"),
        note=_("登记后，这一类只由登记的单位交办；没有登记的，由信用办交办。"),
        done=_("交办单位已登记。"),
    )
