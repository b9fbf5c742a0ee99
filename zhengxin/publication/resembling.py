"""Records that look like one a person withheld, however their number is spelt."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengxin.archive.changes import chunks
from zhengxin.ledger.models import Entry
from zhengxin.ledger.queries import payloads
from zhengxin.publication.judging import corrections
from zhengxin.publication.models import Held
from zhengxin.rulebook.queries import record_kinds

_DOCUMENT_NUMBER = "document_number"


def resembling(entries: QuerySet[Entry]) -> set[int]:
    """Those of these records that came after a person withheld one of the same unit, kind and day, and are of the
    same subject or bear the same figures in their number.

    Found by index, a stretch of new records at a time. A number is read from the content only where the day is the same.
    """
    like = Held.objects.filter(
        unit_id=OuterRef("unit_id"), kind=OuterRef("kind"), act_id__lt=OuterRef("id")
    )
    dated = Exists(like.filter(true_on=OuterRef("true_on")))
    undated = Q(true_on__isnull=True) & Exists(like.filter(true_on__isnull=True))
    near = list(entries.filter(Q(dated) | undated))
    held: dict[tuple[int | None, str, date | None], list[Held]] = {}
    kept = Held.objects.filter(unit_id__in={entry.unit_id for entry in near}) if near else ()
    for each in kept:
        held.setdefault((each.unit_id, each.kind, each.true_on), []).append(each)
    numbers = _numbers([each.entry_id for some in held.values() for each in some])
    found, others = set[int](), dict[int, set[str]]()
    for entry in near:
        before = [
            each
            for each in held.get((entry.unit_id, entry.kind, entry.true_on), [])
            if each.act_id < entry.id
        ]
        if any(each.subject_id == entry.subject_id for each in before):
            found.add(entry.id)
        elif figures := {numbers.get(each.entry_id, "") for each in before} - {""}:
            others[entry.id] = figures
    for some in chunks(sorted(others)):
        found |= {i for i, number in _numbers(some).items() if number in others[i]}
    return found


def under_review(entry_ids: Collection[int]) -> set[int]:
    """Those of these records that look like a withheld one, or correct or were corrected by one that does."""
    if not Held.objects.exists():
        return set()
    line = corrections(entry_ids)
    alike = {line[i] for i in resembling(Entry.objects.filter(id__in=line))}
    return {i for i in entry_ids if line.get(i) in alike}


def _numbers(entry_ids: Collection[int]) -> dict[int, str]:
    """The figures of each record's document number, without the zeros they begin with."""
    fields = {
        kind.code: [field.code for field in kind.fields if field.role == _DOCUMENT_NUMBER]
        for kind in record_kinds()
    }
    kinds = dict(Entry.objects.filter(id__in=entry_ids).values_list("id", "kind"))
    return {
        i: _figures(" ".join(str(content.open.get(code) or "") for code in fields[kinds[i]]))
        for i, content in payloads(entry_ids).items()
        if kinds.get(i) in fields
    }


def _figures(number: str) -> str:
    plain = unicodedata.normalize("NFKC", number)
    return "".join(run.lstrip("0") for run in re.findall("[0-9]+", plain))
