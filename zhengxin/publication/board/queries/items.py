"""Published entries: one, lists by keyset, the feed of corrections.

Every question names the county's day it is asked on: an entry whose last day is past is answered
by nobody, also where the daily step has not yet taken it off the board.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengxin.publication.board.models import (
    BoardCorrection,
    BoardItem,
    BoardPrefix,
    BoardSubject,
)
from zhengxin.publication.board.queries.figures import figure, figures
from zhengxin.publication.board.queries.rows import BRIEF, brief, card, disclosure
from zhengxin.publication.board.spelling import NumberAsked, fold_number, number_asked
from zhengxin.publication.board.types import Correction, Item, ItemBrief, Page, SubjectPage
from zhengxin.publication.enums import FeedMark, WithholdReason

PAGE = 20
MOST = 1000
# So many issuing prefixes may hold a text that is looked for.
_MANY = 5000


def kinds() -> dict[str, str]:
    """Record kinds by code with their Chinese names."""
    found: dict[str, str] = figure("kinds", {})
    return found


def shown(on: date) -> QuerySet[BoardItem]:
    """Items whose last day is not past on the county's day `on`."""
    window = Q(shown_to__isnull=True) | Q(shown_to__gte=on)
    return BoardItem.objects.using("board").filter(window)


def rows(on: date) -> QuerySet[BoardItem]:
    """Items shown on `on` as lists need them: without their proofs."""
    return shown(on).only(*BRIEF)


def briefs(found: Iterable[BoardItem]) -> tuple[ItemBrief, ...]:
    """Rows as lines of a list."""
    names = kinds()
    return tuple(brief(row, names) for row in found)


def page(chosen: QuerySet[BoardItem], before: int | None, limit: int) -> Page:
    """One page of `chosen`, newest first, of entries before `before`."""
    limit = max(1, min(limit, MOST))
    if before is not None:
        chosen = chosen.filter(entry_id__lt=before)
    found = list(chosen.order_by("-entry_id")[: limit + 1])
    more = len(found) > limit
    return Page(briefs(found[:limit]), found[limit - 1].entry_id if more else None)


def item(entry_id: int, on: date) -> Item | None:
    """One entry with everything its page shows; None when it is not shown on `on`."""
    row = shown(on).filter(entry_id=entry_id).first()
    return _whole([row])[0] if row else None


def _whole(found: Iterable[BoardItem]) -> list[Item]:
    known = figures(["kinds", "fields", "articles", "rules", "objection"])
    names, rules = known.get("kinds", {}), known.get("rules", {})
    fields, articles = known.get("fields", {}), known.get("articles", {})
    return [
        Item(
            brief=brief(row, names),
            position=row.position,
            repair_from=row.repair_from,
            rule=row.rule,
            rule_text=rules.get(row.rule, {}).get("text", ""),
            article=rules.get(row.rule, {}).get("article", ""),
            objection=known.get("objection", ""),
            disclosure=disclosure(row.disclosure, dict(fields.get(row.kind, [])), articles),
            supersedes_id=row.supersedes_id,
            statement=row.statement,
        )
        for row in found
    ]


def listing(
    on: date,
    kind: str = "",
    unit_id: int | None = None,
    year: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
    number: str = "",
) -> Page:
    """Published entries, newest first. year: of the decision day; number: a document number or part of one."""
    chosen = rows(on)
    if number:
        asked, whole = number_asked(number), whole_numbers(number)
        if whole:
            chosen = chosen.filter(prefix_id__in=whole)
        else:
            chosen = with_number(chosen, asked) if asked else chosen.none()
    if kind:
        chosen = chosen.filter(kind=kind)
    if unit_id is not None:
        chosen = chosen.filter(unit_id=unit_id)
    if year is not None:
        chosen = chosen.filter(true_year=year)
    return page(chosen, before, limit)


def whole_numbers(text: str) -> list[int]:
    """The prefix that is this whole document number, one without parts to be looked for; empty when there is none."""
    prefixes = BoardPrefix.objects.using("board").filter(text=fold_number(text))
    return list(prefixes.values_list("id", flat=True))


def with_number(chosen: QuerySet[BoardItem], asked: NumberAsked) -> QuerySet[BoardItem]:
    """Those of `chosen` with this document number, or with the part of it that was typed."""
    chosen = chosen.filter(document_serial=asked.serial)
    if asked.year is not None:
        chosen = chosen.filter(document_year=asked.year)
    if asked.prefix:
        prefixes = BoardPrefix.objects.using("board").filter(text__contains=asked.prefix)
        chosen = chosen.filter(prefix_id__in=list(prefixes.values_list("id", flat=True)[:_MANY]))
    return chosen


def latest(on: date, limit: int = 10) -> tuple[ItemBrief, ...]:
    """The newest entries."""
    return briefs(rows(on).order_by("-entry_id")[: min(limit, MOST)])


def subject_page(
    subject_id: int, on: date, before: int | None = None, limit: int = PAGE
) -> SubjectPage | None:
    """An organisation's card and what is published about it; None when nothing is, or no longer."""
    subject = BoardSubject.objects.using("board").filter(present(on), id=subject_id).first()
    if subject is None:
        return None
    found = page(rows(on).filter(subject_id=subject_id), before, limit)
    return SubjectPage(card(subject), found.items, found.next_before)


def present(on: date) -> Q:
    """Subjects that are on the board on `on`: units always, others while something about them is shown."""
    return Q(is_unit=True) | Q(Exists(shown(on).filter(subject_id=OuterRef("id"))))


def items(
    on: date,
    after: int = 0,
    kind: str = "",
    adverse: bool | None = None,
    since: datetime | None = None,
    limit: int = 100,
    unit_id: int | None = None,
) -> list[Item]:
    """Entries after the id `after`, oldest first, with their disclosures, for machines."""
    chosen = shown(on).filter(entry_id__gt=after)
    if kind:
        chosen = chosen.filter(kind=kind)
    if adverse is not None:
        chosen = chosen.filter(adverse=adverse)
    if since is not None:
        chosen = chosen.filter(known_at__gte=since)
    if unit_id is not None:
        chosen = chosen.filter(unit_id=unit_id)
    return _whole(chosen.order_by("entry_id")[: max(1, min(limit, MOST))])


def corrections(after: int = 0, limit: int = 100) -> list[Correction]:
    """What left the board or was replaced, after the feed's number `after`, oldest first."""
    found = BoardCorrection.objects.using("board").filter(id__gt=after).order_by("id")
    return [_correction(row) for row in found[: max(1, min(limit, MOST))]]


def latest_corrections(limit: int = 100) -> list[Correction]:
    """What left the board last, newest first."""
    found = BoardCorrection.objects.using("board").order_by("-id")
    return [_correction(row) for row in found[: max(1, min(limit, MOST))]]


def shown_now(entry_ids: Collection[int], on: date) -> frozenset[int]:
    """Those of these entries that are on the board on the day."""
    found = shown(on).filter(entry_id__in=list(entry_ids))
    return frozenset(found.values_list("entry_id", flat=True))


def _told(reason: str) -> FeedMark | WithholdReason:
    return FeedMark(reason) if reason in FeedMark.values else WithholdReason(reason)


def _correction(row: BoardCorrection) -> Correction:
    return Correction(
        id=row.id,
        at=row.at,
        entry_id=row.entry_id,
        reason=row.reason,
        reason_label=str(_told(row.reason).label),
        replaced_by=row.replaced_by,
    )
