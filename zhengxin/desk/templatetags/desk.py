"""Dates, counts and marks as the desk writes them."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengxin.desk.once import FIELD as ONCE_FIELD
from zhengxin.duties.models import Duty
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission

register = template.Library()

# What a mark says in one character; the words beside it say the same.
STAMPS = {
    "kept": "收",
    "waiting": "待",
    "refused": "退",
    "late": "迟",
    "missing": "缺",
    "zero": "零",
    "withheld": "隐",
    "corrected": "更",
    "published": "公",
    "few": "少",
    "disputed": "异",
    "repaired": "修",
}


@register.filter
def day(value: date | datetime | None) -> str:
    """11月23日, with the year when it is not this one; nothing for None."""
    if value is None or value == "":
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    text = _("{month}月{day}日").format(month=on.month, day=on.day)
    if on.year != timezone.localdate().year:
        text = _("{year}年").format(year=on.year) + text
    return text


@register.filter
def moment(value: datetime | None) -> str:
    """今天 9:12, or 11月20日 15:47."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    clock = f"{local.hour}:{local.minute:02d}"
    if local.date() == timezone.localdate():
        return _("今天 {clock}").format(clock=clock)
    return f"{day(value)} {clock}"


@register.filter
def full_moment(value: datetime | None) -> str:
    """2026-11-20 15:47:09 in the county's time."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


@register.filter
def percent(part: int | None, whole: int | None) -> str:
    """97.4%, or nothing when there is no whole."""
    if not whole or part is None:
        return ""
    return f"{100 * part / whole:.1f}%"


@register.simple_tag
def mark(kind: str, words: str, stamp: str = "") -> SafeString:
    """A stamp of one character and its words."""
    return format_html(
        '<span class="zx-mark zx-mark-{}"><b aria-hidden="true">{}</b>{}</span>',
        kind,
        stamp or STAMPS[kind],
        words,
    )


@register.filter
def of(names: Mapping[Any, Any], key: Any) -> Any:
    """The value of `key` in a mapping, or an empty string."""
    return names.get(key, "")


@register.simple_tag
def once() -> SafeString:
    """The token that makes a form count once however often it is sent."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', ONCE_FIELD, secrets.token_hex(16)
    )


@register.simple_tag
def submission_mark(submission: Submission) -> SafeString:
    """Where a submission stands, as a stamp and words."""
    state = submission.state
    if state == SubmissionState.REFUSED:
        return mark("refused", _("整份退回"))
    if state == SubmissionState.WITHDRAWN:
        return mark("corrected", _("已撤回"), "撤")
    if state != SubmissionState.FOLLOWED:
        return mark("waiting", str(submission.get_state_display()), "办")
    if submission.refused:
        return mark("refused", _("退回{n}行").format(n=f"{submission.refused:,}"))
    if submission.waiting:
        return mark("waiting", _("待核{n}行").format(n=f"{submission.waiting:,}"))
    if submission.admitted:
        return mark("kept", _("全部准入"))
    return mark("zero", _("没有可入账的行"))


@register.filter
def days_since(earlier: date, later: date) -> str:
    """How many days lie between two days, with thousands separated."""
    return f"{(later - earlier).days:,}"


@register.filter
def seen_by(duty: Duty, units: Collection[int] | None) -> bool:
    """Whether whoever sees these units (None: all) may open the duty's own page."""
    return units is None or not {duty.bearer_id, duty.to_id}.isdisjoint(units)
