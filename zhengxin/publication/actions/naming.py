"""Units and organisations on the board, and the pairs of characters they are found by."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from zhengxin.kernel.names import fold_name
from zhengxin.kernel.personal import find_personal_numbers
from zhengxin.publication.board.models import BoardGram, BoardItem, BoardPrefix, BoardSubject
from zhengxin.publication.board.spelling import grams, initials
from zhengxin.subjects.enums import SubjectKind, SuccessionKind, UnitKind
from zhengxin.subjects.models import Name, Subject, Succession, Unit

_COLUMNS = [field.name for field in BoardSubject._meta.concrete_fields if field.name != "id"]
_AT_ONCE = 500


def put_units() -> None:
    """Every unit of the county, with its names and successions as known now."""
    put_subjects(list(Unit.objects.values_list("pk", flat=True)))


def put_subjects(ids: Sequence[int]) -> None:
    """Put these subjects on the board, or bring them up to date. Natural persons never enter."""
    for start in range(0, len(ids), _AT_ONCE):
        _put(ids[start : start + _AT_ONCE])


def _put(ids: Sequence[int]) -> None:
    wanted = {row.id: row for row in _rows(ids)}
    known = BoardSubject.objects.using("board").in_bulk(list(wanted))
    new = [row for row_id, row in wanted.items() if row_id not in known]
    changed = [
        row
        for row_id, row in wanted.items()
        if row_id in known
        and any(getattr(row, name) != getattr(known[row_id], name) for name in _COLUMNS)
    ]
    renamed = [row for row in changed if row.folded != known[row.id].folded]
    BoardSubject.objects.using("board").bulk_create(new)
    BoardSubject.objects.using("board").bulk_update(changed, _COLUMNS, batch_size=100)
    if renamed:
        _forget_grams([row.id for row in renamed])
    put_grams("subject", ((row.id, row.folded.split("\n")) for row in [*new, *renamed]))


def put_grams(of: str, texts: Iterable[tuple[int, list[str]]]) -> None:
    """Record the pairs of characters of each text under its id."""
    rows = [
        BoardGram(of=of, gram=gram, ref_id=ref_id)
        for ref_id, names in texts
        for gram in sorted(grams(names))
    ]
    BoardGram.objects.using("board").bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def prefix_ids(texts: Iterable[str]) -> dict[str, int]:
    """Ids of these issuing prefixes, new ones recorded."""
    wanted = sorted({text for text in texts if text})
    stored = BoardPrefix.objects.using("board").filter(text__in=wanted)
    known = dict(stored.values_list("text", "id"))
    new = [text for text in wanted if text not in known]
    if new:
        BoardPrefix.objects.using("board").bulk_create(
            [BoardPrefix(text=text) for text in new], ignore_conflicts=True
        )
        known = dict(stored.all().values_list("text", "id"))
        put_grams("prefix", ((known[text], [text]) for text in new))
    return known


def drop_empty(ids: Sequence[int]) -> None:
    """Take organisations off the board about which nothing is left on it."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        items = BoardItem.objects.using("board").filter(subject_id__in=some)
        kept = set(items.values_list("subject_id", flat=True).distinct())
        empty = list(
            BoardSubject.objects.using("board")
            .filter(id__in=set(some) - kept, is_unit=False)
            .values_list("id", flat=True)
        )
        _forget_grams(empty)
        BoardSubject.objects.using("board").filter(id__in=empty).delete()


def drop_unused_prefixes() -> None:
    """Take issuing prefixes off the board that no item bears any more."""
    borne = BoardItem.objects.using("board").filter(prefix_id=OuterRef("id"))
    unused = list(
        BoardPrefix.objects.using("board").exclude(Exists(borne)).values_list("id", flat=True)
    )
    for start in range(0, len(unused), _AT_ONCE):
        some = unused[start : start + _AT_ONCE]
        BoardGram.objects.using("board").filter(of="prefix", ref_id__in=some).delete()
        BoardPrefix.objects.using("board").filter(id__in=some).delete()


def _forget_grams(ids: Sequence[int]) -> None:
    BoardGram.objects.using("board").filter(of="subject", ref_id__in=ids).delete()


def _rows(ids: Sequence[int]) -> Iterable[BoardSubject]:
    units = Unit.objects.in_bulk(list(ids))
    names: dict[int, list[Name]] = {}
    for name in Name.objects.filter(subject_id__in=ids).order_by("valid_from", "id"):
        names.setdefault(name.subject_id, []).append(name)
    steps = _successions(list(units))
    for subject in Subject.objects.filter(id__in=ids, natural_person=False).order_by("id"):
        unit = units.get(subject.id)
        spans = names.get(subject.id, [])
        names_of = (subject.name, *(n.text for n in spans))
        texts = [text for text in names_of if not find_personal_numbers(text)]
        folded = list(dict.fromkeys(fold_name(text) for text in texts))
        label = UnitKind(unit.kind).label if unit else SubjectKind(subject.kind).label
        letters = dict.fromkeys(initials(text) for text in texts) if unit else {}
        yield BoardSubject(
            id=subject.id,
            name=subject.name,
            kind=subject.kind,
            kind_label=str(label),
            uscc=subject.uscc or "",
            is_unit=unit is not None,
            unit_kind=unit.kind if unit else "",
            position=unit.position if unit else 0,
            folded="\n".join(folded),
            initials="\n".join(filter(None, letters))[:400],
            names=[
                {
                    "text": n.text,
                    "kind": n.kind,
                    "from": _text(n.valid_from),
                    "to": _text(n.valid_to),
                }
                for n in spans
                if n.text in texts
            ],
            successions=steps.get(subject.id, []),
            closed_on=unit.closed_on if unit else None,
        )


def _successions(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    both = Succession.objects.filter(predecessor__in=ids) | Succession.objects.filter(
        successor__in=ids
    )
    for step in both.select_related("predecessor__subject", "successor__subject").order_by("id"):
        for unit, other, direction in (
            (step.predecessor, step.successor, "successor"),
            (step.successor, step.predecessor, "predecessor"),
        ):
            if unit is not None and unit.pk in ids:
                found.setdefault(unit.pk, []).append(
                    {
                        "kind": str(SuccessionKind(step.kind).value),
                        "direction": direction,
                        "on": _text(step.on),
                        "other_id": other.pk if other else None,
                        "other_name": other.subject.name if other else "",
                        "confirmed": step.confirmed_at is not None,
                    }
                )
    return found


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None
