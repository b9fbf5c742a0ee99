"""What the desk asks of publication. It reads the main database; the public has board.queries."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from zhengxin.archive.queries import lines
from zhengxin.ledger.models import Entry
from zhengxin.publication.board.models import BoardTaking
from zhengxin.publication.enums import Asked, NoticeState, WithholdReason
from zhengxin.publication.judging import (
    Mark,
    corrections,
    grounds,
    judged,
    lifted,
    marks,
    repairs,
    said,
)
from zhengxin.publication.judging import arrivals as arrivals
from zhengxin.publication.judging import doubted as doubted
from zhengxin.publication.judging import with_seal as with_seal
from zhengxin.publication.models import Notice, Recipient
from zhengxin.publication.rules import PUBLIC_ORDER
from zhengxin.publication.types import RecipientLine, TakingLine, Verdict, WaitingEntry
from zhengxin.rulebook.queries import record_kinds

PAGE = 20
MOST = 500


def notice(entry_id: int) -> Notice | None:
    """One record's standing towards the public, None before it was followed."""
    return Notice.objects.filter(entry_id=entry_id).first()


def verdict(entry_id: int) -> Verdict | None:
    """What the law says of one record, with its sentence; endings and persons' acts left aside
    except the grade. None when there is no such notice."""
    found = Entry.objects.filter(id=entry_id).first()
    if found is None or notice(entry_id) is None:
        return None
    return judged([found], said([entry_id]))[entry_id]


def withholdings(entry_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """The latest ground a person gave for not showing each of these records: reason, because, review_on."""
    return grounds(entry_ids)


def marks_on(entry_ids: Collection[int], known_on: date | None = None) -> dict[int, Mark]:
    """The open objections and statements beside these records, as known at the end of a day or now."""
    if known_on is None:
        return marks(entry_ids)
    return marks(
        entry_ids, timezone.make_aware(datetime.combine(known_on + timedelta(days=1), time()))
    )


def repaired(entry_ids: Collection[int], *, known_on: date | None = None) -> dict[int, date]:
    """On which day each of these records was repaired, as known at the end of `known_on` (None: now)."""
    if known_on is None:
        return repairs(entry_ids)
    end = timezone.make_aware(datetime.combine(known_on + timedelta(days=1), time()))
    return repairs(entry_ids, before=end)


def waiting_for_grade(
    unit_ids: Collection[int] | None = None, before: int | None = None, limit: int = PAGE
) -> list[WaitingEntry]:
    """Adverse records nobody has graded, newest first; unit_ids None means every unit."""
    return _waiting(Notice.objects.filter(state=NoticeState.UNGRADED), unit_ids, before, limit)


def waiting_for_release(
    unit_ids: Collection[int] | None = None, before: int | None = None, limit: int = PAGE
) -> list[WaitingEntry]:
    """Adverse records shown or soon shown that hold free text, none of which was released, newest first."""
    return _waiting(_unreleased(), unit_ids, before, limit)


def sealed(entry_ids: Collection[int]) -> set[int]:
    """Those of these records that are given to nobody: sealed on arrival with all that corrects them,
    or found to be a state secret."""
    secret = {
        i
        for i, ground in grounds(entry_ids).items()
        if ground["reason"] == WithholdReason.STATE_SECRET
    }
    return sealed_by_law(entry_ids) | secret


def sealed_by_law(entry_ids: Collection[int]) -> set[int]:
    """Those of these records that were sealed on arrival, or correct one that was; not where a person lifted the seal."""
    line = corrections(entry_ids)
    traits = Entry.objects.filter(id__in=line, trait__contains=PUBLIC_ORDER)
    shut = {
        line[i]
        for i, trait in traits.values_list("id", "trait")
        if PUBLIC_ORDER in trait.split(";")
    }
    found = {i for i in entry_ids if line[i] in shut}
    return found - lifted(found) if found else found


def sealed_keys(keys: Collection[int]) -> set[int]:
    """Those of these natural keys under which something was ever sealed by law and is so still."""
    rows = dict(Entry.objects.filter(key__in=list(keys)).values_list("id", "key"))
    return {key for i in sealed_by_law(list(rows)) if (key := rows[i]) is not None}


def lifted_keys(keys: Collection[int]) -> set[int]:
    """Those of these natural keys whose document a person found to be sealed by mistake."""
    rows = dict(Entry.objects.filter(key__in=list(keys)).values_list("id", "key"))
    return {key for i in lifted(list(rows)) if (key := rows[i]) is not None}


def sealed_notices(before: int | None = None, limit: int = PAGE) -> list[Notice]:
    """Records that stand and are sealed by law, newest first."""
    shut = Notice.objects.filter(withheld=WithholdReason.PUBLIC_ORDER)
    if before is not None:
        shut = shut.filter(entry_id__lt=before)
    return list(shut.order_by("-entry_id")[: min(limit, MOST)])


def leaving() -> bool:
    """Whether something that may not be shown any more is on the board still."""
    return Notice.objects.filter(leaving=True).exists()


def to_review(limit: int = PAGE) -> list[Notice]:
    """Records a person took off the board, those to be looked at again soonest first; state secrets are not named."""
    taken_off = Notice.objects.filter(state=NoticeState.WITHHELD, review_on__isnull=False)
    taken_off = taken_off.exclude(withheld=WithholdReason.STATE_SECRET)
    return list(taken_off.order_by("review_on", "entry_id")[: min(limit, MOST)])


def under_review(limit: int = PAGE) -> list[Notice]:
    """Records that resemble a withheld one and wait for a person to say whether they may be shown, oldest first."""
    waiting = Notice.objects.filter(state=NoticeState.WITHHELD, withheld=WithholdReason.REVIEW)
    return list(waiting.order_by("entry_id")[: min(limit, MOST)])


def notices(entry_ids: Collection[int]) -> dict[int, Notice]:
    """The standing of these records towards the public, by entry id."""
    return Notice.objects.in_bulk(list(entry_ids))


def count_waiting(unit_ids: Collection[int] | None = None) -> Mapping[str, int]:
    """How many records wait: {"grade": n, "release": n}."""
    ungraded = _of(Notice.objects.filter(state=NoticeState.UNGRADED), unit_ids).count()
    return {"grade": ungraded, "release": _of(_unreleased(), unit_ids).count()}


def _unreleased() -> QuerySet[Notice]:
    open_now = (NoticeState.SHOWN, NoticeState.SCHEDULED)
    return Notice.objects.filter(adverse=True, released="", has_text=True, state__in=open_now)


def withheld_counts(unit_ids: Collection[int] | None = None) -> Mapping[str, int]:
    """How many records are not shown, by ground (values of WithholdReason)."""
    hidden = Notice.objects.filter(state__in=(NoticeState.WITHHELD, NoticeState.ENDED))
    rows = _of(hidden, unit_ids).values_list("withheld").annotate(n=Count("entry_id"))
    return dict(rows.order_by("withheld"))


def recipients() -> list[RecipientLine]:
    """Who may take adverse entries by key, newest first, and what each took so far."""
    log = BoardTaking.objects.using("board").order_by().values("recipient_id")
    taken = {
        pk: rest
        for pk, *rest in log.annotate(
            times=Count("id"), entries=Sum("n"), last=Max("at")
        ).values_list("recipient_id", "times", "entries", "last")
    }
    return [
        RecipientLine(
            row.id,
            row.name,
            row.contact,
            row.purpose,
            row.registered_at,
            row.ended_at,
            *taken.get(row.id, (0, 0, None)),
        )
        for row in Recipient.objects.order_by("-id")
    ]


def takings(limit: int = PAGE) -> list[TakingLine]:
    """The latest times that adverse entries were given out, newest first."""
    given = BoardTaking.objects.using("board").exclude(asked=Asked.REFUSED)
    rows = list(given.order_by("-id")[: min(limit, MOST)])
    names = dict(
        Recipient.objects.filter(id__in={row.recipient_id for row in rows}).values_list(
            "id", "name"
        )
    )
    return [
        TakingLine(
            at=row.at,
            recipient_name=names.get(row.recipient_id or 0, ""),
            asked_label=str(Asked(row.asked).label),
            first_id=row.first_id,
            last_id=row.last_id,
            n=row.n,
        )
        for row in rows
    ]


def takers_of(entry_ids: Collection[int]) -> dict[int, str]:
    """Recipients who may hold one of these adverse entries, and their names: what they took is noted from a first
    to a last number, so that some here never had it."""
    given = BoardTaking.objects.using("board").exclude(asked=Asked.REFUSED)
    spans = [Q(first_id__lte=i, last_id__gte=i) for i in entry_ids]
    if not spans:
        return {}
    ids = given.filter(reduce(or_, spans)).values_list("recipient_id", flat=True).distinct()
    known = Recipient.objects.filter(id__in=[pk for pk in ids if pk]).order_by("id")
    return dict(known.values_list("id", "name"))


def takings_between(
    after: int, up_to: int, limit: int
) -> list[tuple[BoardTaking, Recipient | None]]:
    """What was taken or refused with numbers after..up_to, in order, with the register's recipient."""
    rows = BoardTaking.objects.using("board").filter(id__gt=after, id__lte=up_to)
    found = list(rows.order_by("id")[:limit])
    known = Recipient.objects.in_bulk({row.recipient_id for row in found if row.recipient_id})
    return [(row, known.get(row.recipient_id or 0)) for row in found]


def _of(chosen: QuerySet[Notice], unit_ids: Collection[int] | None) -> QuerySet[Notice]:
    return chosen if unit_ids is None else chosen.filter(unit_id__in=unit_ids)


def _waiting(
    chosen: QuerySet[Notice], unit_ids: Collection[int] | None, before: int | None, limit: int
) -> list[WaitingEntry]:
    chosen = _of(chosen, unit_ids)
    if before is not None:
        chosen = chosen.filter(entry_id__lt=before)
    ids = list(chosen.order_by("-entry_id").values_list("entry_id", flat=True)[: min(limit, MOST)])
    entries = Entry.objects.in_bulk(ids)
    verdicts = judged(list(entries.values()), said(ids))
    names = {kind.code: kind.name for kind in record_kinds()}
    return [
        WaitingEntry(
            entry_id=line.entry_id,
            kind=line.kind,
            kind_label=names[line.kind],
            subject_id=line.subject_id,
            unit_id=line.unit_id,
            true_on=line.true_on,
            known_at=line.known_at,
            because=verdicts[line.entry_id].because,
        )
        for line in sorted(lines(ids).values(), key=lambda found: -found.entry_id)
    ]
