"""What intake holds of erased entries: their rows in every file kept, their copies that were refused, their waiting records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhengxin.intake.enums import SubmissionState, WaitingState
from zhengxin.intake.folders import folder_of, reading_in
from zhengxin.intake.keeping import PLACES, opened, seal_anew
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.striking import rewrite, strike
from zhengxin.kernel.say import say
from zhengxin.lake.queries import rows
from zhengxin.lake.sql import parquet
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Batch, Entry

_FILES_AT_ONCE = 200


@dataclass(slots=True)
class Struck:
    """What goes from one submission: rows of its table, and records that waited."""

    numbers: set[int] = field(default_factory=set)
    seqs: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Place:
    submission_id: int
    row_number: int
    seq: int | None
    certain: bool | None
    mark: int
    document: int | None
    # None as well in files put away before names were noted.
    party: int | None


def find_struck(entries: Sequence[Entry], bare: Collection[int]) -> dict[int, Struck]:
    """By submission, what bears these records: their own rows, and rows of the same record that no entry came of.

    A refused row is also found by the document's number alone: the party's code may have been what was wrong.
    Of subjects that nothing else is known of (`bare`, their ids) every refused row that the same unit sent
    under that name goes as well: number and code may both have been wrong.
    """
    places = list(_own_places(entries))
    marks = {place.mark for place in places} | {e.key for e in entries if e.key is not None}
    documents = {place.document for place in places if place.document is not None}
    named = list(_named([each for each in entries if each.subject_id in bare]))
    found: dict[int, Struck] = defaultdict(Struck)
    for place in [*places, *_standing_apart(_places(_alike(marks, documents)), entries), *named]:
        found[place.submission_id].numbers.add(place.row_number)
        if place.certain is False and place.seq is not None:
            found[place.submission_id].seqs.add(place.seq)
    return found


def strike_rows(submission_id: int, struck: Struck, *, at: datetime) -> None:
    """Write the kept files anew without these rows, under another key. The caller holds the claim; again is harmless."""
    with opened(submission_id) as place:
        strike(place, reading_in(place), numbers=struck.numbers, seqs=struck.seqs)
        names = [path.name for path in place.iterdir() if path.name != "lock"]
        seal_anew(submission_id, place, names, at=at)
    # Last: as long as they are in the list, the next attempt finds them.
    numbers = ", ".join(map(str, sorted(struck.numbers)))
    rewrite(folder_of(submission_id) / PLACES, f"row_number NOT IN ({numbers})")


def waiting_of(entries: Sequence[Entry], struck: Mapping[int, Struck]) -> list[WaitingRecord]:
    """The records that waited for a person and became these entries, or were struck with them."""
    found = list(WaitingRecord.objects.filter(entry_id__in=[each.id for each in entries]))
    for submission_id, what in struck.items():
        found += WaitingRecord.objects.filter(submission_id=submission_id, seq__in=what.seqs)
    return list({row.pk: row for row in found}.values())


def submissions_bearing(entries: Sequence[Entry], bare: Collection[int]) -> set[int]:
    """The submissions in whose files these records stand, or rows that were refused as theirs; see find_struck."""
    return sent_with(entries) | set(find_struck(entries, bare))


def sent_with(entries: Sequence[Entry]) -> set[int]:
    """The submissions these entries came with."""
    waited = WaitingRecord.objects.filter(entry_id__in=[each.id for each in entries])
    sent = Submission.objects.filter(batch_id__in=[each.batch_id for each in entries])
    return {
        *sent.values_list("id", flat=True),
        *waited.values_list("submission_id", flat=True),
    }


def borne_alone(waiting: Sequence[WaitingRecord]) -> set[str]:
    """The mention keys that no other waiting or decided record bears."""
    others = WaitingRecord.objects.exclude(pk__in=[row.pk for row in waiting])
    return {row.mention for row in waiting if not others.filter(mention=row.mention).exists()}


def blank_waiting(waiting: Iterable[WaitingRecord]) -> None:
    """Empty what these records say of anybody; one is known by its number alone."""
    for row in waiting:
        WaitingRecord.objects.filter(pk=row.pk).update(
            mention=f"#{row.pk}",
            mention_text=say("（内容已依法删除）"),
            mention_code="",
            key=None,
            because=say("内容已依法删除。"),
            candidates=[],
        )


def blank_filenames(submission_ids: Iterable[int], names: Iterable[str]) -> None:
    """A file whose name bears one of these names is called otherwise from now on."""
    known = [name for name in names if name]
    for submission in Submission.objects.filter(pk__in=list(submission_ids)):
        if any(name in submission.filename for name in known):
            Submission.objects.filter(pk=submission.pk).update(
                filename=say("（文件名已依法删除）") + Path(submission.filename).suffix[:10]
            )


def waits(row: WaitingRecord) -> bool:
    """Whether nobody has decided on it yet."""
    return row.state == WaitingState.WAITING and row.submission.state != SubmissionState.WITHDRAWN


def _own_places(entries: Sequence[Entry]) -> Iterator[_Place]:
    """The rows that became these entries, at once or after a person's decision."""
    seqs: dict[int, list[str]] = defaultdict(list)
    batches = Batch.objects.in_bulk({each.batch_id for each in entries})
    sent = dict(Submission.objects.filter(batch_id__in=list(batches)).values_list("batch_id", "id"))
    for each in entries:
        if each.batch_id in sent:
            seq = each.id - batches[each.batch_id].first_id
            seqs[sent[each.batch_id]].append(f"(certain AND seq = {seq})")
    waited = WaitingRecord.objects.filter(entry_id__in=[each.id for each in entries])
    for submission_id, seq in waited.values_list("submission_id", "seq"):
        seqs[submission_id].append(f"(NOT certain AND seq = {seq})")
    for submission_id, which in seqs.items():
        path = folder_of(submission_id) / PLACES
        if path.exists():
            yield from _read([path], " OR ".join(which))


def _named(entries: Sequence[Entry]) -> Iterator[_Place]:
    """Refused rows under the names of these entries' parties, sent by the units of these entries."""
    for unit_id in sorted({each.unit_id for each in entries if each.unit_id is not None}):
        own = list(_own_places([each for each in entries if each.unit_id == unit_id]))
        parties = ", ".join(sorted({str(place.party) for place in own if place.party is not None}))
        if not parties:
            continue
        # Its own, and those of whoever reported for it.
        senders = Submission.objects.filter(id__in={place.submission_id for place in own})
        units = {unit_id, *senders.values_list("unit_id", flat=True)}
        sent = set(Submission.objects.filter(unit_id__in=units).values_list("id", flat=True))
        for place in _places(f"seq IS NULL AND party IN ({parties})"):
            if place.submission_id in sent:
                yield place


def _alike(marks: Iterable[int], documents: Iterable[int]) -> str:
    same = ", ".join(map(str, sorted(marks)))
    numbers = ", ".join(map(str, sorted(documents)))
    which = [f"mark IN ({same})"] if same else []
    which += [f"(seq IS NULL AND document IN ({numbers}))"] if numbers else []
    return " OR ".join(which)


def _places(where: str) -> Iterator[_Place]:
    files = sorted(Path(settings.SUBMISSIONS_DIR).glob(f"*/{PLACES}"))
    for start in range(0, len(files) if where else 0, _FILES_AT_ONCE):
        yield from _read(files[start : start + _FILES_AT_ONCE], where)


def _read(files: Sequence[Path], where: str) -> Iterator[_Place]:
    read = parquet(files).removesuffix(")") + ", filename = true, union_by_name = true)"
    source = (
        f"(SELECT CAST(NULL AS BIGINT) AS party WHERE false UNION ALL BY NAME SELECT * FROM {read})"
    )
    columns = "filename, row_number, seq, certain, mark, document, party"
    sql = f"SELECT {columns} FROM {source} WHERE {where}"
    for batch in rows(sql):
        for name, *rest in batch:
            yield _Place(int(Path(name).parent.name), *rest)


def _standing_apart(places: Iterable[_Place], entries: Sequence[Entry]) -> Iterator[_Place]:
    """Those that did not become another entry that can still be read."""
    erased = {each.id for each in entries}
    for place in places:
        entry_id = _entry_of(place)
        if entry_id is None or entry_id in erased or not ledger.readable([entry_id]):
            yield place


def _entry_of(place: _Place) -> int | None:
    if place.seq is None:
        return None
    if not place.certain:
        waited = WaitingRecord.objects.filter(submission_id=place.submission_id, seq=place.seq)
        return waited.values_list("entry_id", flat=True).first()
    batch_id = Submission.objects.get(pk=place.submission_id).batch_id
    batch = None if batch_id is None else ledger.batch(batch_id)
    return batch.first_id + place.seq if batch else None
