"""Reads of the handover room: peers, how records stand, dispatches, one record's story, alarms."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from zhengxin.archive.models import Line as ArchiveLine
from zhengxin.handover.enums import AttemptOutcome, DispatchState
from zhengxin.handover.ground import peer as peer
from zhengxin.handover.ground import peers as peers
from zhengxin.handover.keys import public_line as public_line
from zhengxin.handover.models import (
    Answer,
    AnswerFile,
    Arrival,
    Attempt,
    Dispatch,
    Line,
    PeerCursor,
    RecordStanding,
)
from zhengxin.handover.rules import export_due, unanswered_before
from zhengxin.handover.types import Alarm, Peer, Standing, Tally, Template
from zhengxin.ledger.queries import size as ledger_size
from zhengxin.publication.judging import corrections

PAGE = 50
_AT_ONCE = 2_000
# The word by which those delivered and not answered in time are asked for, beside the states.
UNCONFIRMED = "unconfirmed"


def cursor(peer: Peer) -> PeerCursor:
    """How far a peer was read for; unsaved before the first time."""
    return PeerCursor.objects.filter(pk=peer.code).first() or PeerCursor(peer=peer.code)


def behind(peer: Peer) -> int:
    """How many entries of the ledger were not read for a peer yet."""
    return ledger_size() - cursor(peer).position


def pack_due(peer: Peer, at: datetime) -> bool:
    """Whether somebody asked for packing, or the schedule says so."""
    here = cursor(peer)
    return here.asked or export_due(here.packed_at, at, every_minutes=peer.every_minutes)


def fetch_due(peer: Peer, at: datetime) -> bool:
    """Whether the schedule says to look for answers and arrivals now."""
    return export_due(cursor(peer).fetched_at, at, every_minutes=peer.every_minutes)


def standings(
    peer: Peer, *, at: datetime, state: str = "", unit_id: int | None = None, kind: str = ""
) -> QuerySet[RecordStanding]:
    """Records as they stand towards a peer, narrowed by what is given; state may be `unconfirmed`."""
    found = RecordStanding.objects.filter(peer=peer.code)
    if state == UNCONFIRMED:
        found = found.filter(state=Standing.SENT, since__lt=_silent_before(peer, at))
    elif state:
        found = found.filter(state=state)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    return found.filter(kind=kind) if kind else found


def _silent_before(peer: Peer, at: datetime) -> datetime:
    return unanswered_before(at, days=peer.answer_days)


def counts(peer: Peer, *, at: datetime, unit_id: int | None = None) -> dict[str, int]:
    """How many records stand in each state; the sent ones whose answer is overdue also under `unconfirmed`."""
    rows = standings(peer, at=at, unit_id=unit_id).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("id")))
    found[UNCONFIRMED] = standings(peer, at=at, state=UNCONFIRMED, unit_id=unit_id).count()
    return found


def tally(peer: Peer, templates: Sequence[Template], *, at: datetime) -> Tally:
    """The counts of a peer and what they must add up to, counted by itself from the archive."""
    states = counts(peer, at=at)
    unconfirmed = states.pop(UNCONFIRMED)
    rows = RecordStanding.objects.filter(peer=peer.code)
    versions = rows.aggregate(n=Sum("versions"))["n"] or 0
    kinds = [template.kind for template in templates]
    entries = ArchiveLine.objects.filter(kind__in=kinds).count()
    return Tally(peer.code, states, unconfirmed, rows.count(), versions, entries)


@dataclass(frozen=True, slots=True)
class Told:
    """A record as reconciliation lists it. number, file, row: of the last line about it; reason: of a rejection."""

    standing: RecordStanding
    number: str = ""
    file: str = ""
    row: int | None = None


def told(rows: Sequence[RecordStanding]) -> list[Told]:
    """These standings with the line that was sent last about each."""
    lines = Line.objects.in_bulk([row.line_id for row in rows if row.line_id is not None])
    dispatches = Dispatch.objects.in_bulk({line.dispatch_id for line in lines.values()})
    found = []
    for row in rows:
        line = lines.get(row.line_id or 0)
        if line is None:
            found.append(Told(row))
            continue
        dispatch = dispatches[line.dispatch_id]
        file = dispatch.files[line.file]["name"] if line.file >= 0 else ""
        found.append(Told(row, dispatch.number, file, line.row or None))
    return found


def every_standing(found: QuerySet[RecordStanding]) -> Iterator[Told]:
    """All of a selection in the order of their number, in bounded memory."""
    last = 0
    while some := list(found.filter(id__gt=last).order_by("id")[:_AT_ONCE]):
        yield from told(some)
        last = some[-1].id


def dispatches(peer: Peer, limit: int = PAGE) -> list[Dispatch]:
    """The newest dispatches of a peer, those waiting first."""
    rows = Dispatch.objects.filter(peer=peer.code)
    waiting = list(rows.filter(state=DispatchState.WAITING).order_by("-id")[:limit])
    rest = rows.exclude(state=DispatchState.WAITING).order_by("-id")[: limit - len(waiting)]
    return waiting + list(rest)


def dispatch(dispatch_id: int) -> Dispatch | None:
    """One dispatch."""
    return Dispatch.objects.filter(pk=dispatch_id).first()


def attempts(dispatch_id: int) -> list[Attempt]:
    """Every attempt to deliver a dispatch, newest first."""
    return list(Attempt.objects.filter(dispatch_id=dispatch_id).order_by("-id"))


def attempt_counts(dispatch_ids: Sequence[int]) -> dict[int, int]:
    """How often the delivery of each of these was tried."""
    rows = Attempt.objects.filter(dispatch_id__in=dispatch_ids).order_by()
    return dict(rows.values_list("dispatch_id").annotate(n=Count("id")))


def told_of(entry_ids: Collection[int]) -> list[Peer]:
    """The peers to which any version of these records was ever sent."""
    roots = set(corrections(entry_ids).values())
    sent = RecordStanding.objects.filter(root_id__in=roots, line_id__isnull=False)
    codes = set(sent.values_list("peer", flat=True))
    return [each for code, each in peers().items() if code in codes]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One line of a record's story: sent with which dispatch as what, and every answer to it."""

    line: Line
    dispatch: Dispatch
    answers: tuple[Answer, ...]


def standing(peer: Peer, entry_id: int) -> RecordStanding | None:
    """How the record to which an entry belongs stands towards a peer."""
    root = corrections([entry_id]).get(entry_id, entry_id)
    return RecordStanding.objects.filter(peer=peer.code, root_id=root).first()


def story(row: RecordStanding) -> list[Chapter]:
    """Everything that was ever sent of a record to its peer and answered, oldest first."""
    lines = list(Line.objects.filter(root_id=row.root_id).order_by("id"))
    sent = Dispatch.objects.filter(peer=row.peer).in_bulk({line.dispatch_id for line in lines})
    answers = list(Answer.objects.filter(line_id__in=[line.id for line in lines]).order_by("id"))
    return [
        Chapter(line, sent[line.dispatch_id], tuple(a for a in answers if a.line_id == line.id))
        for line in lines
        if line.dispatch_id in sent
    ]


def answer_files(peer: Peer, limit: int = PAGE) -> list[AnswerFile]:
    """The newest return files of a peer."""
    return list(AnswerFile.objects.filter(peer=peer.code).order_by("-id")[:limit])


def arrivals(peer: Peer, limit: int = PAGE) -> list[Arrival]:
    """The newest files that came in from a peer."""
    return list(Arrival.objects.filter(peer=peer.code).order_by("-id")[:limit])


def unplaced(peer: Peer) -> list[int]:
    """Submissions that came from a peer and whose ledger entries are not known yet."""
    rows = Arrival.objects.filter(
        peer=peer.code, batch_id__isnull=True, submission_id__isnull=False
    )
    return [i for i in rows.values_list("submission_id", flat=True) if i is not None]


def arrived(peer: Peer, sha256: str) -> Arrival | None:
    """What became of a file from above with these bytes, None when it never came."""
    return Arrival.objects.filter(peer=peer.code, sha256=sha256).first()


def alarms(*, at: datetime, peer: Peer | None = None) -> list[Alarm]:
    """Everything at the peers (or one) that a person must look at, a bounded number of questions a peer."""
    every = [peer] if peer is not None else list(peers().values())
    return [alarm for each in every for alarm in _alarms(each, at)]


def _alarms(peer: Peer, at: datetime) -> Iterator[Alarm]:
    waiting = Dispatch.objects.filter(peer=peer.code, state=DispatchState.WAITING)
    late = waiting.filter(packed_at__lte=at - timedelta(hours=peer.alarm_hours))
    told = late.aggregate(n=Count("id"), since=Min("packed_at"))
    if told["n"]:
        yield Alarm(
            peer.code,
            "undelivered",
            _("%(peer)s：%(n)s批超过%(hours)s小时没有送到。")
            % {"peer": peer.title, "n": told["n"], "hours": peer.alarm_hours},
            _("系统一直在重试，没有丢失。请看批次里最后一次的原因，再联系对方。"),
            told["since"],
            told["n"],
        )
    refused = _last_refused(waiting)
    if refused:
        yield Alarm(
            peer.code,
            "refused",
            _("%(peer)s拒收%(n)s批。") % {"peer": peer.title, "n": len(refused)},
            _("请看批次里对方说的原因，商定后点“立即送出”。"),
            min(refused),
            len(refused),
        )
    yield from _standing_alarms(peer, at)
    yield from _reading_alarms(peer, at)


def _last_refused(waiting: QuerySet[Dispatch]) -> list[datetime]:
    """When each waiting dispatch whose last attempt was refused was refused."""
    ids = list(waiting.values_list("id", flat=True)[:PAGE])
    last = {a.dispatch_id: a for a in Attempt.objects.filter(dispatch_id__in=ids).order_by("id")}
    return [a.at for a in last.values() if a.outcome == AttemptOutcome.REFUSED]


def _standing_alarms(peer: Peer, at: datetime) -> Iterator[Alarm]:
    states = (Standing.REJECTED, Standing.CONTRADICTED, Standing.HELD)
    rows = RecordStanding.objects.filter(peer=peer.code, state__in=states).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("id")))
    found[UNCONFIRMED] = standings(peer, at=at, state=UNCONFIRMED).count()
    told = (
        (UNCONFIRMED, _("送达后超过%(days)s天没有回执"), _("请向对方索取回执，再读回执文件。")),
        (
            Standing.REJECTED,
            _("被退回"),
            _("请按退回的原因由报送单位更正；对方有误的，商定后再次上报。"),
        ),
        (Standing.CONTRADICTED, _("回执前后矛盾"), _("请与对方核对以哪次为准，必要时再次上报。")),
        (Standing.HELD, _("不合模板，暂缓上报"), _("请由报送单位补正后重报。")),
    )
    for state, what, remedy in told:
        n = found.get(state, 0)
        if n:
            words = what % {"days": peer.answer_days} if state == UNCONFIRMED else what
            yield Alarm(peer.code, str(state), f"{peer.title}：{n}条{words}。", remedy, None, n)


def _reading_alarms(peer: Peer, at: datetime) -> Iterator[Alarm]:
    here = cursor(peer)
    faults = (
        (
            "fetch",
            here.fetch_fault,
            here.fetch_fault_since,
            _("请核对对象说明里的地址和密钥，再联系对方。"),
        ),
        (
            "arrival",
            here.arrival_fault,
            here.arrival_fault_since,
            _("文件还在原处，改正后自动再收。"),
        ),
    )
    for code, fault, since, remedy in faults:
        if since is not None and at - since >= timedelta(hours=peer.alarm_hours):
            yield Alarm(peer.code, code, f"{peer.title}：{fault}", remedy, since)
    broken = AnswerFile.objects.filter(
        peer=peer.code, rows=0, received_at__gt=at - timedelta(days=30)
    )
    if n := broken.count():
        words = _("%(peer)s：近30天有%(n)s份回执读不懂。") % {"peer": peer.title, "n": n}
        remedy = _("文件留在exchange/unreadable里；请对方重新出具。")
        yield Alarm(peer.code, "unreadable", words, remedy, None, n)
    waiting = Arrival.objects.filter(
        peer=peer.code, received_at__gt=at - timedelta(days=30)
    ).exclude(because="")
    if n := waiting.count():
        words = _("%(peer)s：近30天来的文件有%(n)s份要人看。") % {"peer": peer.title, "n": n}
        yield Alarm(peer.code, "arrivals", words, _("请看“上级来件”一栏的说明。"), None, n)
