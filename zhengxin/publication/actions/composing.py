"""From a record's content to what the board shows of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhengxin.duties.models import Duty
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.personal import find_id_numbers_in_code, find_personal_numbers
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Payload
from zhengxin.publication.board.models import BoardItem
from zhengxin.publication.board.spelling import number_parts
from zhengxin.publication.models import Notice
from zhengxin.rulebook.types import RecordKind
from zhengxin.subjects.queries import named_like_a_person, person_beside

DOCUMENT_NUMBER, PARTY_NAME = "document_number", "party_name"
# Fields that hold checked codes, not words: digits in them are no mobile number.
_CODE_ROLES = frozenset({"party_code", "unit_code", "source_unit_code"})
_TITLE_LENGTH = 300
_NUMBER_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the board needs to show one record."""

    entry: Entry
    notice: Notice
    position: int
    payload: Payload
    proof: dict[str, Any]
    kind: RecordKind
    subject_name: str
    subject_names: frozenset[str]
    unit_name: str
    duty: Duty | None


def compose(parts: Parts) -> tuple[BoardItem, str]:
    """The board's row (without its prefix id) and the folded prefix of its document number.

    Only the open group and released texts go in; of everything else, the digests.
    """
    shown_from = parts.notice.display_from
    assert shown_from is not None, "a notice without a first day is not shown"
    notice, payload, kind = parts.notice, parts.payload, parts.kind
    released = _released(notice)
    text = {code: value for code, value in payload.text.items() if code in released}
    by_role = {field.role: field.code for field in kind.fields if field.role}
    shown = {**payload.open, **text}
    number = _plain(shown.get(by_role.get(DOCUMENT_NUMBER, ""), ""))[:_NUMBER_LENGTH]
    prefix, year, serial = number_parts(number) if number else ("", None, None)
    row = BoardItem(
        entry_id=parts.entry.id,
        position=parts.position,
        kind=kind.code,
        adverse=notice.adverse,
        grade=notice.grade,
        title=_title(kind, by_role, shown, number),
        subject_id=notice.subject_id,
        subject_name=parts.subject_name,
        unit_id=notice.unit_id,
        unit_name=parts.unit_name,
        document_number=number,
        document_year=year,
        document_serial=serial,
        true_on=parts.entry.true_on,
        true_year=parts.entry.true_on.year if parts.entry.true_on else None,
        known_at=parts.entry.known_at,
        due_on=parts.duty.due_on if parts.duty else None,
        timeliness=parts.duty.state if parts.duty else "",
        shown_from=shown_from,
        shown_to=notice.display_to,
        repair_from=notice.repair_from,
        rule=notice.rule,
        supersedes_id=parts.entry.about_id,
        disputed=notice.disputed,
        statement=notice.statement,
        disclosure={
            "hidden": _hidden(kind, payload, released),
            "proof": {**parts.proof, "open": dict(payload.open), "text": text},
        },
    )
    return row, prefix


def _released(notice: Notice) -> frozenset[str]:
    return frozenset(filter(None, notice.released.split(",")))


def _title(
    kind: RecordKind, by_role: Mapping[str, str], shown: Mapping[str, Any], number: str
) -> str:
    for role in kind.title_roles:
        value = _plain(shown.get(by_role.get(role, ""), ""))
        if value:
            return f"{kind.name}：{value}"[:_TITLE_LENGTH]
    return f"{kind.name}：{number}"[:_TITLE_LENGTH] if number else kind.name


def _plain(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _hidden(kind: RecordKind, payload: Payload, released: frozenset[str]) -> list[list[str | None]]:
    """Field, ground and review day of what exists and is not shown."""
    rows: list[list[str | None]] = [
        [code, "not_released", None]
        for code, value in payload.text.items()
        if value and code not in released
    ]
    grounds = {field.code: field.hidden for field in kind.fields}
    rows += [
        [code, grounds.get(code) or "privacy", None]
        for code, value in payload.closed.items()
        if value
    ]
    return rows


def names_a_person(parts: Parts) -> bool:
    """True where the party was written as a person may be called, and the subject is known by no such name, or where
    a person stands beside the subject's name: …有限公司（经营者某某）.

    An official found whose record it is by the code; the person written beside it is still a person.
    """
    fields = [field.code for field in parts.kind.fields if field.role == PARTY_NAME]
    written = [str(parts.payload.open.get(code) or "") for code in fields]
    return any(
        named_like_a_person(name) or person_beside(name, parts.subject_names)
        for name in written
        if fold_name(name) not in parts.subject_names
    )


def leaks(row: BoardItem, kind: RecordKind) -> list[str]:
    """Numbers of persons in anything of this row that a reader would see.

    In checked codes only whole identity numbers are looked for. A document or registration number may be anything
    that was written in its place, a telephone number too.
    """
    codes = {field.code for field in kind.fields if field.role in _CODE_ROLES}
    found: list[str] = []
    for code, text in _texts(row):
        if code in codes:
            found += find_id_numbers_in_code(text)
        else:
            found += [number.text for number in find_personal_numbers(text)]
    return found


def _texts(row: BoardItem) -> Iterator[tuple[str, str]]:
    """Every text shown, with the code of its field; names and the title have none."""
    yield "", row.title
    yield "", row.document_number
    yield "", row.subject_name
    yield "", row.unit_name
    proof = row.disclosure["proof"]
    for group in (proof["open"], proof["text"]):
        for code, value in group.items():
            for each in value if isinstance(value, list) else (value,):
                yield code, str(each)
