"""Whose is each sound record, and does the ledger know it already: then the drafts can be written."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengxin.intake import child
from zhengxin.intake.checking import FAULT_COLUMNS, count_kinds, fault_line
from zhengxin.intake.drafting import (
    DRAFTS,
    KNOWN,
    KNOWN_COLUMNS,
    MENTION_COLUMNS,
    MENTIONS,
    WAITING,
    WAITING_FAULTS,
    distinct_keys,
    distinct_mentions,
    write_sound,
)
from zhengxin.intake.ground import Ground
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.intake.seals import SEAL, bears_seal, sealed_documents
from zhengxin.intake.types import Fault, FaultKind, Prepared, Reading, Severity
from zhengxin.kernel import uscc
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.say import say
from zhengxin.lake.queries import one, rows, write_parquet
from zhengxin.lake.sql import parquet
from zhengxin.ledger.chains import readable
from zhengxin.ledger.queries import find_arrivals
from zhengxin.subjects.queries import attribute
from zhengxin.subjects.types import CERTAIN, NONE, Establish, Mention

_AT_ONCE = 2_000
_KEYS_AT_ONCE = 20_000
_PERSON = uscc.PartyCategory.NATURAL_PERSON.label


def prepare_records(
    submission: Submission, ground: Ground, reading: Reading, establish: Establish
) -> tuple[Prepared, tuple[FaultKind, ...]]:
    """Write the drafts and the waiting list of one checked submission. Repeats itself harmlessly."""
    folder = ground.folder
    (folder / WAITING_FAULTS).unlink(missing_ok=True)
    with child.contents(ground, reading):
        write_sound(ground)
        write_parquet(folder / MENTIONS, MENTION_COLUMNS, _mentions(ground, establish))
        write_parquet(folder / KNOWN, KNOWN_COLUMNS, _known(folder))
    drafted = child.draft(ground, reading)
    with transaction.atomic():
        submission.waiting_records.all().delete()
        if drafted.waiting:
            _list_waiting(submission, ground)
    if drafted.waiting:
        write_parquet(
            folder / WAITING_FAULTS, FAULT_COLUMNS, _waiting_faults(submission, reading, ground)
        )
    refused = int(submission.report["checked"]["refused"]) + drafted.recorded
    name = f"submission/{submission.pk}/{submission.sha256}"
    prepared = Prepared(
        admitted=drafted.admitted,
        waiting=drafted.waiting,
        refused=refused,
        superseding=drafted.superseding,
        sealed=_sealed(folder),
        digest=hashlib.sha256(name.encode()).hexdigest(),
    )
    return prepared, count_kinds(folder)


def _mentions(ground: Ground, establish: Establish) -> Iterator[Sequence[object]]:
    for batch in rows(distinct_mentions(ground.folder), size=_AT_ONCE):
        mentions = [_mention(ground.unit_id, *row[1:]) for row in batch]
        verdicts = attribute(mentions, ground.today)
        fresh = [
            mention
            for mention, verdict in zip(mentions, verdicts, strict=True)
            if verdict.certainty == NONE and mention.identifier
        ]
        made = establish(fresh) if fresh else {}
        for row, mention, verdict in zip(batch, mentions, verdicts, strict=True):
            subject_id, certainty, because = (
                verdict.subject_id,
                verdict.certainty,
                verdict.because,
            )
            if certainty == NONE and mention.key in made:
                subject_id, certainty = made[mention.key], CERTAIN
            if certainty == CERTAIN and subject_id is None:
                certainty = NONE
            yield (
                row[0],
                mention.key,
                subject_id if certainty == CERTAIN else None,
                certainty,
                because,
                json.dumps(list(verdict.candidates)),
            )


def _mention(
    unit_id: int,
    name: str,
    code: str | None,
    id_hash: str | None,
    category: str | None,
    true_on: date | None,
) -> Mention:
    return Mention(
        name=name,
        code="" if code in (None, uscc.FILLER) else str(code),
        id_hash=id_hash or "",
        unit_id=unit_id,
        natural_person_hint=None if category is None else category == _PERSON,
        on=true_on,
    )


def _known(folder: Path) -> Iterator[Sequence[object]]:
    """The newest standing entry of every natural key that the ledger has, whether its content was erased, and the
    seal of a document of which the law sealed any arrival.
    """
    for batch in rows(distinct_keys(folder), size=_KEYS_AT_ONCE):
        keys = [key for (key,) in batch]
        arrived = find_arrivals(keys)
        shut = sealed_documents(keys, arrived)
        standing = {
            k: next((m for m in matches if m.standing), None) for k, matches in arrived.items()
        }
        kept = readable(match.entry_id for match in standing.values() if match)
        for key in sorted({*standing, *shut}):
            seal = SEAL if key in shut else None
            if (newest := standing.get(key)) is not None:
                yield key, newest.entry_id, newest.content, newest.entry_id not in kept, seal
            elif seal:
                yield key, None, None, False, seal


def _sealed(folder: Path) -> int:
    made = [folder / name for name in (DRAFTS, WAITING) if (folder / name).exists()]
    if not made:
        return 0
    columns = parquet(made).removesuffix(")") + ", union_by_name = true)"
    sql = f"SELECT count(*) FROM {columns} WHERE list_contains(string_split(trait, ';'), '{SEAL}')"
    return int(one(sql)[0])


def _waiting_sql(ground: Ground) -> str:
    """seq, row, name, code, certainty, why, candidates, mention key, natural key, trait of every waiting record."""
    folder = ground.folder
    return (
        "SELECT w.seq, w.row_number, string_split(w.mention, chr(31))[1], "
        "string_split(w.mention, chr(31))[2], m.certainty, m.because, m.candidates, m.mention_key, w.key, w.trait "
        f"FROM {parquet(folder / WAITING)} AS w JOIN {parquet(folder / MENTIONS)} AS m "
        "ON m.mention = w.mention ORDER BY w.seq"
    )


def _list_waiting(submission: Submission, ground: Ground) -> None:
    for batch in rows(_waiting_sql(ground), size=_AT_ONCE):
        WaitingRecord.objects.bulk_create(
            WaitingRecord(
                submission=submission,
                seq=seq,
                row_number=number,
                mention=mention[:300],
                mention_text=mask_id_numbers(name)[:300],
                mention_code=code[:30],
                certainty=certainty,
                because=mask_id_numbers(because)[:400],
                candidates=json.loads(candidates),
                key=key,
                sealed=bears_seal(trait),
            )
            for seq, number, name, code, certainty, because, candidates, mention, key, trait in batch
        )


def _waiting_faults(
    submission: Submission, reading: Reading, ground: Ground
) -> Iterator[Sequence[object]]:
    column = ground.source.by_role["party_name"]
    place = reading.fields.index(column.field) if column.field in reading.fields else -1
    header = reading.headers[place] if place >= 0 else column.header
    found: Any = submission.waiting_records.order_by("seq").iterator(chunk_size=_AT_ONCE)
    for row in found:
        fault = Fault(
            row_number=row.row_number,
            column=place + 1,
            header=header,
            value=row.mention_text,
            code=row.certainty,
            because=row.because,
            remedy=say("不必重报：等工作人员判断；名称或代码写错的，改正后重新上传。"),
            severity=Severity.WAIT,
        )
        yield fault_line(fault, column.field)
