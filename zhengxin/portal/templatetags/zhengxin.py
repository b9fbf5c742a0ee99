"""Dates, figures and pictures as the pages write them."""

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import segno
from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhengxin.kernel.periods import period_name
from zhengxin.portal import charts
from zhengxin.publication.board.types import DayDue, ShownField, Timeliness

register = template.Library()
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: date | datetime | None) -> str:
    """11月23日, with the year when it is not the year of `today` in the context."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    today = context.get("today")
    if isinstance(today, date) and today.year == value.year:
        return _("%(m)s月%(d)s日") % {"m": value.month, "d": value.day}
    return full_day(value)


@register.filter
def full_day(value: date | datetime | str | None) -> str:
    """2026年11月23日. Takes dates and their ISO text; other text comes back unchanged."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _("%(y)s年%(m)s月%(d)s日") % {"y": value.year, "m": value.month, "d": value.day}


@register.filter
def period(code: str) -> str:
    """2026年第三季度 of 2026Q3."""
    return period_name(code)


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine form of a date for <time datetime>."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


@register.filter
def weekday(value: date) -> str:
    """星期一 … 星期日."""
    return _("星期%(d)s") % {"d": "一二三四五六日"[value.weekday()]}


@register.filter
def thousands(value: Any) -> str:
    """18204 -> 18,204; anything but a whole number comes back as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def brief(value: str) -> str:
    """The two ends of a long digest."""
    return f"{value[:12]} … {value[-12:]}" if len(value) > 27 else value


@register.simple_tag
def qr(address: str, label: str) -> SafeString:
    """A QR code of `address` as inline SVG without style attributes."""
    out = io.BytesIO()
    # A fixed mask: trying all eight takes a third of the page's time, and every reader takes any.
    segno.make(address, error="m", mask=4).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=0, title=label
    )
    drawing = out.getvalue().decode().strip()
    return mark_safe(drawing.replace("<svg ", '<svg role="img" ', 1))


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The present query string with some keys set, or removed when given as an empty string."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def due(figures: Timeliness | DayDue) -> int:
    """How many decisions were due: on time and late together."""
    return figures.on_time + figures.late


@register.filter
def permille(tenths: int) -> str:
    """976 -> 97.6."""
    return f"{tenths // 10}.{tenths % 10}"


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """131, 137 -> 95.6; rounded half up."""
    return permille((2000 * part + whole) // (2 * whole)) if whole else ""


@register.filter
def drawn(bars: Iterable[charts.Bar]) -> SafeString:
    """The bars as SVG; written here because a template takes ten times as long over hundreds."""
    return mark_safe(
        "".join(
            f'<rect class="{bar.look}" x="{bar.x}" y="{bar.y}"'
            f' width="{bar.width}" height="{bar.height}"/>'
            for bar in bars
        )
    )


@register.inclusion_tag("zhengxin/parts/spark.html")
def spark(figures: Timeliness) -> dict[str, object]:
    """Twelve weeks as bars, with the numbers as the picture's words."""
    weeks = [(week.on_time, week.late) for week in figures.weeks]
    label = _("近%(n)d周每周按时项数：%(up)s；迟的项数：%(down)s") % {
        "n": len(weeks),
        "up": "、".join(str(on_time) for on_time, _late in weeks),
        "down": "、".join(str(late) for _on_time, late in weeks),
    }
    return {"bars": charts.spark(weeks), "label": label}


def _exactly(text: str) -> SafeString:
    """Escaped so that the browser gives back the very characters: HTML would turn a CR into LF."""
    return mark_safe(escape(text).replace("\r", "&#13;"))


def _value(text: str, attribute: SafeString) -> SafeString:
    if _DATE.fullmatch(text):
        return format_html('<time datetime="{}"{}>{}</time>', text, attribute, full_day(text))
    return format_html("<span{}>{}</span>", attribute, _exactly(text))


@register.simple_tag
def field_value(field: ShownField) -> SafeString:
    """A field as the reader and the proof see it: exact text, a date in words, or a list."""
    if field.group == "open":
        name = format_html(' data-field="{}"', field.code)
    else:
        name = format_html(' data-group="{}"', field.group)
    if isinstance(field.value, list):
        parts = ((_value(text, mark_safe(" data-item")),) for text in field.value)
        return format_html("<span{} data-list>{}</span>", name, format_html_join("、", "{}", parts))
    return _value(field.value, name)
