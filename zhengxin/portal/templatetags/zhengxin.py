"""Dates, figures and pictures as the pages write them."""

import io
from datetime import date, datetime
from typing import Any

import segno
from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


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
    segno.make(address, error="m").save(
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
