"""Duties by month, their feed for calendar programs, and the list that a new leader accepts."""

from calendar import Calendar, monthrange
from datetime import MAXYEAR, MINYEAR, date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengxin.accounts import queries as accounts
from zhengxin.accounts.calendar_keys import account_by_calendar, calendar_key_of
from zhengxin.desk.duty_forms import TakeoverForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.views.duties import kind_names, names_for, own_units, seen_duty
from zhengxin.duties import lists, permissions, standing
from zhengxin.duties.enums import DutyState
from zhengxin.duties.ical import Appointment, calendar_text
from zhengxin.journey import calendars, taking_over
from zhengxin.journey.showing import taken_over, takeover_sheet
from zhengxin.rulebook.queries import calendar as working_days
from zhengxin.subjects import queries as subjects

KEY_SHOWN_ONCE = "calendar_key"
# A feed does not grow without end; so many stand on one day of a month.
MOST, A_DAY = 1000, 6


def _month(text: str, today: date) -> date:
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = today
    # The weeks around the first and the last year that there are have no dates.
    return (asked if MINYEAR < asked.year < MAXYEAR else today).replace(day=1)


@at_desk(permissions.check_see_duties)
@require_safe
def month(request: DeskRequest) -> HttpResponse:
    """What the own unit (or, for whoever sees all, the county) owes in a month, day by day."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    units = subjects.visible_units(request.actor, today)
    whole = units is None and request.GET.get("of") == "county"
    rows = list(lists.due_between(None if whole else own_units(request, today), first, last)[:MOST])
    by_day: dict[date, list[object]] = {}
    for duty in rows:
        by_day.setdefault(cast(date, duty.due_on), []).append(duty)
    known = working_days().covers(first.year)
    weeks = [
        [
            (
                day,
                by_day.get(day, []) if day.month == first.month else [],
                known and day.month == first.month and not working_days().is_working_day(day),
            )
            for day in week
        ]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    token = request.session.pop(KEY_SHOWN_ONCE, "")
    return page(
        request,
        "desk/duties_month.html",
        section="oversight",
        tab="month",
        first=first,
        weeks=weeks,
        n=len(rows),
        most=MOST,
        a_day=f":{A_DAY}",
        per_day=A_DAY,
        whole=whole,
        may_whole=units is None,
        before=date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1),
        after=date(first.year + (first.month == 12), first.month % 12 + 1, 1),
        kinds=kind_names(),
        known=known,
        today=today,
        feed=request.build_absolute_uri(reverse("desk:duty-feed", args=[token])) if token else "",
        key=calendar_key_of(request.account.pk),
    )


@at_desk(permissions.check_see_duties)
@require_POST
@once
def make_feed(request: DeskRequest) -> HttpResponse:
    """A new address of one's own feed, shown once."""
    token = calendars.make_calendar_key(at=timezone.now(), actor=request.actor)
    request.session[KEY_SHOWN_ONCE] = token
    return redirect("desk:duties-month")


@at_desk(permissions.check_see_duties)
@require_POST
@once
def end_feed(request: DeskRequest) -> HttpResponse:
    """The address no longer answers."""
    calendars.end_calendar_key(at=timezone.now(), actor=request.actor)
    messages.success(request, _("已停用，日历程序再取不到。"))
    return redirect("desk:duties-month")


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The duties of the units in which the person holds a post today; kinds and days only."""
    account = account_by_calendar(token)
    if account is None:
        raise Http404
    today = timezone.localdate()
    units: set[int] = set()
    for post in accounts.posts_in_force(account, today):
        actor = accounts.actor_for(account, today, post_id=post.pk)
        if permissions.can_see_duties(actor):
            units |= subjects.lineage(post.unit_id, today)
    kinds = kind_names()
    rows = lists.running(units).filter(state=DutyState.OPEN, due_on__isnull=False)[:MOST]
    found = [
        Appointment(
            uid=f"duty-{duty.pk}@zhengxin",
            on=cast(date, duty.due_on),
            summary=_("{kind}到期").format(kind=kinds.get(duty.kind, "")),
            address=request.build_absolute_uri(reverse("desk:duty", args=[duty.pk])),
        )
        for duty in rows
    ]
    text = calendar_text(_("职责期限"), found, timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@at_desk(permissions.check_see_duties)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def takeover(request: DeskRequest, duty_id: int) -> HttpResponse:
    """The list a new leader accepts: everything the unit owes, and the signature over it."""
    duty = seen_duty(request, duty_id)
    if duty.kind != standing.TAKEOVER:
        raise NotYours(_("这不是接任清单。"), "", _("请从职责列表里打开。"))
    if duty.state != DutyState.OPEN:
        return redirect("desk:duty", duty_id)
    own = own_units(request, timezone.localdate())
    permissions.check_take_over(request.actor, duty, units=own)
    form = TakeoverForm(request.POST if request.method == "POST" else None)
    signing = SigningBlock(request, lambda _nonce: takeover_sheet(duty_id))
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: taking_over.accept_takeover(
            duty_id=duty_id,
            because=form.cleaned_data["because"],
            signed=signed,
            at=timezone.now(),
            actor=request.actor,
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已接收，清单上的职责由您任内继续办理。"))
        return redirect("desk:duty", duty_id)
    rows = taken_over(duty)
    return page(
        request,
        "desk/takeover.html",
        section="oversight",
        status=signing.status(form),
        signing=signing,
        duty=duty,
        rows=rows,
        names=names_for([duty, *rows]),
        kinds=kind_names(),
        form=form,
        today=timezone.localdate(),
    )
