"""The inbox: what an official was told, unread first to see, read when opened."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengxin import journey
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.messages import queries as messages

AT_ONCE = 30


@at_desk()
@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    """One's own messages, newest first."""
    rows = Paginator(messages.inbox(request.account.pk), AT_ONCE).get_page(request.GET.get("page"))
    return page(request, "desk/messages.html", section="messages", rows=rows)


@at_desk()
@require_POST
@once
def open_message(request: DeskRequest, message_id: int) -> HttpResponse:
    """Goes where a message leads, and marks it as read."""
    message = messages.message_of(request.account.pk, message_id)
    if message is None:
        raise NotYours(
            _("没有找到这条消息。"), _("编号不对，或者不是发给您的。"), _("请从消息列表里打开。")
        )
    journey.mark_messages_read(message_ids=[message_id], at=timezone.now(), actor=request.actor)
    return redirect(message.link)


@at_desk()
@require_POST
@once
def read_all(request: DeskRequest) -> HttpResponse:
    """Marks every message of one's own as read."""
    journey.mark_messages_read(message_ids=None, at=timezone.now(), actor=request.actor)
    return redirect("desk:messages")
