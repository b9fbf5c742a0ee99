"""What waits for a person, gathered from the rooms: late first, then today, then the rest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import permissions
from zhengxin.desk.frame import may
from zhengxin.desk.proposals_waiting import proposals_waiting
from zhengxin.desk.templatetags.desk import day
from zhengxin.handover import queries as handover
from zhengxin.handover.permissions import can_see_exchange
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import SubmissionState, WaitingState
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.types import Quality
from zhengxin.kernel.actor import Actor, Role
from zhengxin.oversight import queries as oversight
from zhengxin.oversight.permissions import can_compile
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects

# Submissions older than this many days no longer ask to be mended on the first page.
MENDING_DAYS = 60
QUARTER_DAYS = 90
# With more silent sources than this, one line stands for all of them; the page on quality has each.
SEVERAL = 5
NAMED = 3


class Urgency(StrEnum):
    """How a task is drawn, in the order in which tasks stand."""

    OVER = "over"
    TODAY = "today"
    PLAIN = "plain"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits. `before`, `figure` and `after` fill the count box: 逾期 3 天."""

    urgency: Urgency
    before: str
    figure: str
    after: str
    title: str
    url: str
    what: str
    basis: str
    action: str
    since: datetime | None = None
    # How many things one line stands for.
    n: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """All waiting records of one name and code."""

    first_id: int
    text: str
    code: str
    because: str
    candidates: int
    records: int
    oldest: datetime


def _waiting(units: Collection[int] | None) -> QuerySet[WaitingRecord]:
    rows = WaitingRecord.objects.filter(state=WaitingState.WAITING).exclude(
        submission__state=SubmissionState.WITHDRAWN
    )
    return rows if units is None else rows.filter(submission__unit_id__in=units)


def waiting_mentions(units: Collection[int] | None) -> list[Group]:
    """Names that wait, longest waiting first; of these units, or of all with None."""
    counted = (
        _waiting(units)
        .values("mention")
        .annotate(n=Count("id"), first=Min("id"), oldest=Min("submission__received_at"))
        .order_by("oldest", "first")
    )
    sums = {row["first"]: row for row in counted}
    firsts = WaitingRecord.objects.in_bulk(list(sums))
    return [
        Group(
            first_id=pk,
            text=firsts[pk].mention_text,
            code=firsts[pk].mention_code,
            because=firsts[pk].because,
            candidates=len(firsts[pk].candidates),
            records=row["n"],
            oldest=row["oldest"],
        )
        for pk, row in sums.items()
    ]


def quality_of(actor: Actor, today: date, units: frozenset[int] | None) -> list[Quality]:
    """How well each source arrives, silent ones first."""
    since = timezone.make_aware(
        datetime.combine(today - timedelta(days=QUARTER_DAYS), datetime.min.time())
    )
    asked = units if units is not None else [unit.id for unit in subjects.units(today)]
    found = intake.quality(unit_ids=asked, since=since, today=today)
    return sorted(found, key=lambda q: (not q.silent, q.expected_by or date.max, q.source))


def tasks(actor: Actor, today: date) -> list[Task]:
    """Everything that waits for this actor, late first."""
    units = subjects.visible_units(actor, today)
    own = frozenset({actor.unit_id}) if actor.unit_id is not None else frozenset[int]()
    found: list[Task] = []
    if may(permissions.check_submit, actor) and not actor.has(Role.CREDIT_OFFICER):
        found += _silences(quality_of(actor, today, own), today)
        found += _to_mend(own)
    elif actor.has(Role.CREDIT_OFFICER, Role.SUPERVISOR):
        found += _silences(quality_of(actor, today, units), today)
    if may(permissions.check_decide_attribution, actor):
        found += _to_attribute(units)
    found += _to_decide(actor, units)
    office = subjects.open_government_office(today)
    if can_compile(actor, office_id=office.id if office else None):
        found += _plans_read()
    found += _proposals(actor, today)
    if can_see_exchange(actor):
        found += _at_peers()
    return by_urgency(found)


def by_urgency(found: list[Task]) -> list[Task]:
    """Late first, then today, then the rest."""
    order = list(Urgency)
    return sorted(found, key=lambda task: order.index(task.urgency))


def _silences(qualities: list[Quality], today: date) -> list[Task]:
    names = subjects.subject_names({q.unit_id for q in qualities if q.silent})
    silent = [q for q in qualities if q.silent and q.expected_by and q.expected_by < today]
    if len(silent) > SEVERAL:
        return [_silence_of_many(silent, names)]
    return [
        Task(
            urgency=Urgency.OVER,
            before=_("逾期"),
            figure=f"{(today - q.expected_by).days:,}",
            after=_("天"),
            title=_("{unit}没有报送{source}").format(
                unit=names.get(q.unit_id, ""), source=q.source_title
            ),
            url=reverse("desk:quality"),
            what=_("确实没有的，也请报一份只有表头的空表，和忘记报送分得开。"),
            basis=(
                _("上次{last}收到，按惯例应在{expected}前再收到。")
                if q.last_received_at
                else _("一直没有收到过，按惯例应在{expected}前收到。")
            ).format(last=day(q.last_received_at), expected=day(q.expected_by)),
            action=_("看这个来源"),
        )
        for q in silent
        if q.expected_by is not None
    ]


def _silence_of_many(silent: list[Quality], names: Mapping[int, str]) -> Task:
    """One line for many silent sources; `silent` stands longest silent first."""
    never = sum(q.last_received_at is None for q in silent)
    longest = "、".join(
        _("{unit}的{source}").format(unit=names.get(q.unit_id, ""), source=q.source_title)
        for q in silent[:NAMED]
    )
    return Task(
        urgency=Urgency.OVER,
        before=_("逾期"),
        figure=f"{len(silent):,}",
        after=_("个"),
        title=_("来源逾期没有报送"),
        url=reverse("desk:quality"),
        what=_("最久的是{longest}。").format(longest=longest),
        basis=_("其中{n}个从来没有收到过。确实没有的，也应报一份只有表头的空表。").format(n=never)
        if never
        else _("确实没有的，也应报一份只有表头的空表。"),
        action=_("看是哪些"),
        n=len(silent),
    )


def _to_mend(units: Collection[int]) -> list[Task]:
    since = timezone.now() - timedelta(days=MENDING_DAYS)
    rows = (
        Submission.objects.filter(unit_id__in=units, received_at__gte=since)
        .filter(state__in=(SubmissionState.FOLLOWED, SubmissionState.REFUSED))
        .exclude(refused=0, state=SubmissionState.FOLLOWED)
        .order_by("id")
    )
    titles = {source.name: source.title for source in intake.sources()}
    mended = intake.mended([row.pk for row in rows])
    return [
        Task(
            urgency=Urgency.PLAIN,
            before=_("退回"),
            figure=f"{row.refused:,}" if row.refused else _("整份"),
            after=_("行") if row.refused else "",
            title=(
                _("改好批次{number}里退回的行：{title}")
                if row.refused
                else _("重报整份退回的批次{number}：{title}")
            ).format(number=row.number, title=titles.get(row.source, row.source)),
            url=reverse("desk:receipt", args=[row.pk]),
            what=_("工作簿里写明了每一处怎么改，改好直接重传。")
            if row.refused
            else _("回执里写明了为什么不能收和怎么改。"),
            basis=_("{day}报送。双公示的期限从决定日期起算，不因退回顺延。").format(
                day=day(row.received_at)
            ),
            action=_("去改"),
            since=row.received_at,
        )
        for row in rows
        if row.pk not in mended
    ]


def _waited(since: datetime) -> str:
    days = (timezone.localdate() - timezone.localtime(since).date()).days
    return _("最早的等了{n}天。").format(n=days) if days else _("今天收到的。")


def _to_attribute(units: Collection[int] | None) -> list[Task]:
    sums = _waiting(units).aggregate(n=Count("id"), oldest=Min("submission__received_at"))
    if not sums["n"]:
        return []
    return [
        Task(
            urgency=Urgency.PLAIN,
            before=_("待核"),
            figure=f"{sums['n']:,}",
            after=_("行"),
            title=_("判断主体不能确定的行"),
            url=reverse("desk:attribution"),
            what=_("名称与代码对不上，系统不替您认定。同名的一次判断。"),
            basis=_waited(sums["oldest"]),
            action=_("去判断"),
            since=sums["oldest"],
        )
    ]


def _to_decide(actor: Actor, units: Collection[int] | None) -> list[Task]:
    """Records that wait for a grade, texts that wait for a reviewer."""
    waiting = publication.count_waiting(units)
    found = []
    if waiting["grade"] and may(permissions.check_grade, actor):
        found.append(
            Task(
                urgency=Urgency.PLAIN,
                before=_("待定级"),
                figure=f"{waiting['grade']:,}",
                after=_("条"),
                title=_("给失信记录定级"),
                url=reverse("desk:grading"),
                what=_("按部门裁量标准定为轻微、一般或严重。"),
                basis=_("没有定级的不公示，期限也不开始。"),
                action=_("去定级"),
            )
        )
    if waiting["release"] and may(permissions.check_release, actor):
        found.append(
            Task(
                urgency=Urgency.LATER,
                before=_("待审"),
                figure=f"{waiting['release']:,}",
                after=_("条"),
                title=_("审核要公开的文字"),
                url=reverse("desk:release"),
                what=_("违法事实等文字，看过没有个人号码和隐私才公开。"),
                basis=_("记录照常公示，没有放行的文字不显示。"),
                action=_("去审核"),
            )
        )
    return found


def _plans_read() -> list[Task]:
    """Plans that were read and wait to be checked and confirmed."""
    n = oversight.count_read()
    if not n:
        return []
    return [
        Task(
            urgency=Urgency.PLAIN,
            before=_("待核"),
            figure=f"{n:,}",
            after=_("份"),
            title=_("核对、确认工作方案"),
            url=reverse("desk:plans"),
            what=_("认不出的单位由人选定，另一名同事签署后任务才下达。"),
            basis=_("没有确认的方案不产生任务，也没有期限。"),
            action=_("去核对"),
        )
    ]


def _proposals(actor: Actor, today: date) -> list[Task]:
    return [
        Task(
            urgency=Urgency.TODAY if each.urgent else Urgency.PLAIN,
            before=each.before,
            figure=f"{each.n:,}",
            after=_("件"),
            title=each.title,
            url=each.url,
            what=each.what,
            basis=each.basis,
            action=each.action,
        )
        for each in proposals_waiting(actor, today)
    ]


def _at_peers() -> list[Task]:
    """Alarms of the exchange with offices above."""
    return [
        Task(
            urgency=Urgency.TODAY if alarm.code in ("undelivered", "refused") else Urgency.PLAIN,
            before=_("上报"),
            figure=f"{alarm.n:,}",
            after=_("件"),
            title=alarm.what.rstrip("。"),
            url=reverse("desk:exchange-peer", args=[alarm.peer]),
            what=alarm.remedy,
            basis="",
            action=_("去看"),
            since=alarm.since,
        )
        for alarm in handover.alarms(at=timezone.now())
    ]


def finding(found: list[Task]) -> str:
    """The title of the first page."""
    over = sum(task.n for task in found if task.urgency is Urgency.OVER)
    rest = sum(task.urgency is not Urgency.OVER for task in found)
    if over and rest:
        return _("{a}个来源逾期没有报送，另有{b}件等您处理。").format(a=over, b=rest)
    if over:
        return _("{a}个来源逾期没有报送。").format(a=over)
    if rest:
        return _("{b}件等您处理。").format(b=rest)
    return _("没有等您处理的事。")
