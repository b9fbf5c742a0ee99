"""Who is told what: senders of what came back, units that fell silent, administrators of work that stopped.

Looked for again and again and told once, under a key: a crash between an act and its message loses nothing.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Paper
from zhengxin.accounts.permissions import COMPARING
from zhengxin.archive import queries as archive
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.intake.types import Quality
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger import queries as ledger
from zhengxin.messages import actions as messages
from zhengxin.messages import queries as message_queries
from zhengxin.messages.enums import MessageKind
from zhengxin.subjects import queries as subjects

# What came back longer ago than this is no news; among so many last submissions it is looked for.
NEWS_DAYS = 7
LAST = 2_000
QUARTER_DAYS = 90
# A step broken off so often will not go on by itself.
STOPPED_TIMES = 3


def tell_of_submissions(*, at: datetime, actor: Actor) -> int:
    """Tells senders of rows that came back or wait, administrators of submissions that stopped.

    Returns how many messages are new.
    """
    newest = Submission.objects.aggregate(top=Max("id"))["top"] or 0
    last = Submission.objects.filter(pk__gt=newest - LAST)
    back = last.filter(
        Q(state=SubmissionState.REFUSED)
        | Q(state=SubmissionState.FOLLOWED, refused__gt=0)
        | Q(state=SubmissionState.FOLLOWED, waiting__gt=0),
        account_id__isnull=False,
        received_at__gte=at - timedelta(days=NEWS_DAYS),
    )
    keys = {f"submission/{row.pk}/{row.account_id}": row for row in back.order_by("id")}
    told = 0
    for key in sorted(keys.keys() - message_queries.known(keys)):
        told += _tell_sender(keys[key], at, actor)
    for row in last.filter(state__in=intake.UNFINISHED).order_by("id"):
        stopped = intake.interruption(row)
        if stopped is not None and stopped.times >= STOPPED_TIMES:
            told += _tell_administrators(
                f"stopped/{row.pk}/{row.state}",
                _("批次{number}办不下去。").format(number=row.number),
                _("已试{n}次，文件和已办的部分都在。").format(n=stopped.times),
                at,
                actor,
            )
    return told


def _tell_sender(row: Submission, at: datetime, actor: Actor) -> int:
    assert row.account_id is not None
    if row.state == SubmissionState.REFUSED:
        subject = _("批次{number}整份退回。").format(number=row.number)
    elif row.refused and row.waiting:
        subject = _("批次{number}退回{refused}行，另有{waiting}行待核。").format(
            number=row.number, refused=f"{row.refused:,}", waiting=f"{row.waiting:,}"
        )
    elif row.refused:
        subject = _("批次{number}退回{refused}行。").format(
            number=row.number, refused=f"{row.refused:,}"
        )
    else:
        subject = _("批次{number}有{waiting}行待核。").format(
            number=row.number, waiting=f"{row.waiting:,}"
        )
    return messages.tell(
        kind=MessageKind.SUBMISSION_RETURNED,
        key=f"submission/{row.pk}",
        account_ids=[row.account_id],
        subject=subject,
        text=_("回执里写明了每一处的原因和改法。待核的行由信用办判断主体，不用重报。"),
        link=reverse("desk:receipt", args=[row.pk]),
        at=at,
        actor=actor,
    )


def tell_deciders(*, submission: Submission, at: datetime, actor: Actor) -> int:
    """Tells units which records another unit reported as theirs: they bear the duties. Before the submission is done with.

    Returns how many messages are new.
    """
    seal = None if submission.batch_id is None else ledger.seal(submission.batch_id)
    if seal is None or not subjects.reports_for_others(submission.unit_id):
        return 0
    today = timezone.localdate(at)
    counts = archive.counts_by_unit((seal.first_id, seal.first_id + seal.n - 1))
    names = subjects.subject_names({submission.unit_id})
    told = 0
    for unit_id in sorted(counts.keys() - {submission.unit_id}):
        clerks = accounts.accounts_in_role(Role.CLERK, today, unit_id=unit_id)
        leaders = accounts.accounts_in_role(Role.LEADER, today, unit_id=unit_id)
        told += messages.tell(
            kind=MessageKind.REPORTED_FOR,
            key=f"behalf/{submission.pk}/{unit_id}",
            account_ids=sorted({*clerks, *leaders}),
            subject=_("{sender}代报了您单位的{n}条{source}。").format(
                sender=names.get(submission.unit_id, ""),
                n=f"{counts[unit_id]:,}",
                source=intake.source(submission.source).title,
            ),
            text=_(
                "批次{number}。已记在您单位名下，报送期限和迟报也按您单位算。内容有误的，由您单位更正后报送；不是您单位作出的，请代报的单位撤回。"
            ).format(number=submission.number),
            link=reverse("desk:quality"),
            at=at,
            actor=actor,
        )
    return told


def tell_of_silence(*, at: datetime, actor: Actor) -> int:
    """Tells a unit's clerks of each source that fell silent, and the credit office how many there are.

    Once for each silence. Returns how many messages are new.
    """
    today = timezone.localdate(at)
    since = timezone.make_aware(
        datetime.combine(today - timedelta(days=QUARTER_DAYS), datetime.min.time())
    )
    found = intake.quality(
        unit_ids=[unit.id for unit in subjects.units(today)], since=since, today=today
    )
    silent = [q for q in found if q.silent and q.expected_by is not None]
    names = subjects.subject_names({q.unit_id for q in silent})
    told = 0
    for q in silent:
        told += _tell_unit(q, names.get(q.unit_id, ""), today, at, actor)
    if told:
        told += messages.tell(
            kind=MessageKind.SOURCE_SILENT,
            key=f"silences/{today.isoformat()}",
            account_ids=accounts.accounts_in_role(Role.CREDIT_OFFICER, today),
            role=Role.CREDIT_OFFICER,
            subject=_("{n}个来源逾期没有报送。").format(n=len(silent)),
            text=_("已告知这些单位的报送经办人。确实没有的，也应报一份只有表头的空表。"),
            link=reverse("desk:quality"),
            at=at,
            actor=actor,
        )
    return told


def _tell_unit(q: Quality, unit: str, today: date, at: datetime, actor: Actor) -> int:
    last = "never" if q.last_received_at is None else timezone.localdate(q.last_received_at)
    return messages.tell(
        kind=MessageKind.SOURCE_SILENT,
        key=f"silence/{q.unit_id}/{q.source}/{last}",
        account_ids=accounts.accounts_in_role(Role.CLERK, today, unit_id=q.unit_id),
        subject=_("{unit}的{source}逾期没有报送。").format(unit=unit, source=q.source_title),
        text=_("确实没有的，也请报一份只有表头的空表，和忘记报送分得开。"),
        link=reverse("desk:choose-source"),
        at=at,
        actor=actor,
    )


def tell_of_scan(*, paper: Paper, at: datetime, actor: Actor) -> int:
    """Tells whoever may compare it, once for each scan, that a paper waits; what it is about stays on the desk."""
    today = timezone.localdate(at)
    able = {
        account_id
        for role in COMPARING
        for account_id in accounts.accounts_in_role(role, today, unit_id=paper.unit_id)
        if paper.unit_id is not None
    }
    return messages.tell(
        kind=MessageKind.PAPER_SCANNED,
        key=f"paper/{paper.pk}/{paper.scan[:16]}",
        account_ids=sorted(able - {paper.account_id, paper.scanned_by_id}),
        subject=_("签署单{number}等您比对。").format(number=paper.pk),
        text=_("扫描件已上传。请与打印的内容逐项核对，用自己的第二因子签署；不一致的退回。"),
        link=reverse("desk:paper", args=[paper.pk]),
        at=at,
        actor=actor,
    )


def tell_of_failure(*, what: str, at: datetime, actor: Actor) -> int:
    """Tells the system administrators, once a day and kind, that the worker's round failed with `what`."""
    return _tell_administrators(
        f"worker/{timezone.localdate(at).isoformat()}/{what[:60]}",
        _("后台办理出错：{what}。").format(what=what[:60]),
        _("会自动再试，没有办完的不会丢。"),
        at,
        actor,
    )


def _tell_administrators(key: str, subject: str, text: str, at: datetime, actor: Actor) -> int:
    return messages.tell(
        kind=MessageKind.WORK_STOPPED,
        key=key,
        account_ids=accounts.accounts_in_role(Role.SYSTEM_ADMIN, timezone.localdate(at)),
        role=Role.SYSTEM_ADMIN,
        subject=subject,
        text=text + _("运行状况里写着要做什么。"),
        link=reverse("desk:health"),
        at=at,
        actor=actor,
    )


def deliver_messages(*, at: datetime, actor: Actor) -> int:
    """Tries the deliveries outside the desk that are due. Raises BadChannels."""
    return messages.deliver(at=at, actor=actor)


def mark_messages_read(*, message_ids: Collection[int] | None, at: datetime, actor: Actor) -> int:
    """Marks one's own messages (None: all of them) as read."""
    return messages.mark_read(message_ids=message_ids, at=at, actor=actor)
