"""What waits for a person among suggestions and proposals, as the first page says it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.enums import HandlingState


class Waits(NamedTuple):
    """How many wait (`before` says for what), and the words of the line. urgent: a term runs meanwhile."""

    n: int
    before: str
    title: str
    url: str
    what: str
    basis: str
    action: str
    urgent: bool = False


def proposals_waiting(actor: Actor, today: date) -> Iterator[Waits]:
    """Replies to rate, lists to assign, returns to decide, replies to look over, opinions to give."""
    home = reverse("desk:proposals")
    counts = queries.waiting(actor, today)
    if counts.to_rate:
        yield Waits(
            counts.to_rate,
            _("待评价"),
            _("评价答复"),
            f"{home}?state={HandlingState.SENT}",
            _("对沟通和办理结果各选一项；不满意的，承办单位再次办理。"),
            _("没有评价的不算满意。"),
            _("去评价"),
        )
    if counts.declined:
        yield Waits(
            counts.declined,
            _("待定"),
            _("决定退办申请"),
            f"{home}?state={HandlingState.DECLINED}",
            _("改交其他单位，或者不准退办。"),
            _("决定以前，答复期限照样计算。"),
            _("去决定"),
            urgent=True,
        )
    if counts.replied:
        yield Waits(
            counts.replied,
            _("待审核"),
            _("审核、发出答复"),
            f"{home}?state={HandlingState.REPLIED}",
            _("看答复有没有回应所提的事，发出后提出人才看得到。"),
            _("答复是否按时，按签署的日期算。"),
            _("去审核"),
        )
    if counts.unassigned:
        yield Waits(
            counts.unassigned,
            _("待交办"),
            _("交办建议提案"),
            f"{home}?state={queries.UNASSIGNED}",
            _("选承办单位和会办单位，签署后答复期限才起算。"),
            _("自交办之日起3个月内答复，涉及面广、处理难度大的6个月。"),
            _("去交办"),
        )
    if counts.opinions:
        yield Waits(
            counts.opinions,
            _("待交"),
            _("提交会办意见"),
            home,
            _("主办单位要按您单位的意见统一答复。"),
            _("意见的期限由交办单位写明。"),
            _("去提交"),
        )
