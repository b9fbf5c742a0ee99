"""A ledger entry as officials read it: labels from the source descriptions, values from the payload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from zhengxin.intake import queries as intake
from zhengxin.intake.types import ColumnType
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.personal import kinds_found
from zhengxin.ledger import queries as ledger
from zhengxin.rulebook import queries as rulebook


@dataclass(frozen=True, slots=True)
class Text:
    """One free text of a record; `numbers` names the kinds of persons' numbers found in it."""

    code: str
    label: str
    words: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Record:
    """One entry: its open fields in the order of the source, and its free texts (numbers masked)."""

    entry_id: int
    kind: str
    kind_label: str
    subject_id: int | None
    unit_id: int | None
    true_on: date | None
    known_at: datetime
    facts: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]


def labels_of(kind: str) -> dict[str, str]:
    """Field code -> label, in order: the rulebook's, then headers of sources of this record kind (an amount with its unit).

    A source's header is how one sender writes it.
    """
    found = {
        field.code: field.label
        for each in rulebook.record_kinds()
        if each.code == kind
        for field in each.fields
    }
    for source in intake.sources():
        if source.record_kind == kind:
            for column in source.columns:
                amount = column.type is ColumnType.AMOUNT and "万元" not in column.header
                found.setdefault(
                    column.field,
                    _("{header}（万元）").format(header=column.header) if amount else column.header,
                )
    return found


def kind_labels() -> dict[str, str]:
    """Record kind -> Chinese name."""
    return {kind.code: kind.name for kind in rulebook.record_kinds()}


def plain(value: Any) -> str:
    """A value as text; lists joined by 、; identity numbers masked."""
    if isinstance(value, list | tuple):
        value = "、".join(str(each) for each in value)
    return mask_id_numbers(str(value))


def facts(kind: str, fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Label and value of every field that has one, in the order of the source."""
    labels = labels_of(kind)
    order = list(labels)
    codes = sorted(fields, key=lambda code: order.index(code) if code in labels else len(order))
    return tuple(
        (labels.get(code, code), plain(fields[code]))
        for code in codes
        if fields[code] not in ("", None)
    )


def record(entry_id: int) -> Record:
    """One entry with its decrypted payload. Raises Erased (a Refused) when it was erased."""
    return records([entry_id])[0]


def records(entry_ids: Sequence[int]) -> list[Record]:
    """Entries with their payloads, in the order asked."""
    payloads = ledger.payloads(list(entry_ids))
    names = kind_labels()
    found = []
    for entry_id in entry_ids:
        entry, payload = ledger.entry(entry_id), payloads.get(entry_id)
        labels = labels_of(entry.kind)
        texts = payload.text if payload else {}
        found.append(
            Record(
                entry_id=entry_id,
                kind=entry.kind,
                kind_label=names.get(entry.kind, entry.kind),
                subject_id=entry.subject_id,
                unit_id=entry.unit_id,
                true_on=entry.true_on,
                known_at=entry.known_at,
                facts=facts(entry.kind, payload.open) if payload else (),
                texts=tuple(
                    Text(
                        code=code,
                        label=labels.get(code, code),
                        words=mask_id_numbers(words),
                        numbers=kinds_found(words),
                    )
                    for code, words in texts.items()
                ),
            )
        )
    return found


def shown_fields(
    fields: Mapping[int, frozenset[str] | None],
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Label and value of the open fields of entries, each limited to its own `fields` (None: all).

    An erased entry has no fields any more.
    """
    payloads = ledger.payloads(list(fields))
    kinds = {entry.id: entry.kind for entry in ledger.entries(list(fields))}
    return {
        pk: facts(kinds[pk], {code: v for code, v in payload.open.items() if _shows(only, code)})
        for pk, payload in payloads.items()
        for only in (fields[pk],)
    }


def _shows(only: frozenset[str] | None, code: str) -> bool:
    return only is None or code in only
