"""A decision on whose records these are is changed: what was admitted under it moves, ends, or enters at last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import takewhile

from django.db import transaction

from zhengxin.accounts import permissions
from zhengxin.accounts.types import Signed
from zhengxin.archive import queries as archive
from zhengxin.archive.enums import Ending
from zhengxin.archive.types import FileLine
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.intake import actions as intake
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.enums import WaitingState
from zhengxin.intake.models import WaitingRecord
from zhengxin.journey.acting import act_about
from zhengxin.journey.deciding import chosen_subject
from zhengxin.journey.following import follow, followed_up_to
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import redecision_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Draft, Payload
from zhengxin.publication import queries as publication
from zhengxin.subjects import actions as subjects
from zhengxin.subjects import queries as subject_queries
from zhengxin.subjects.types import JudgementLine, own_key


class NotRedecided(Refused):
    """The new decision is the old one, or the files are not up to date yet."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One record through its corrections and redecisions, oldest entry first; no content when it was erased."""

    entries: tuple[Entry, ...]
    content: Payload | None

    @property
    def last(self) -> Entry:
        """The entry that stands, or stood last."""
        return self.entries[-1]


@dataclass(frozen=True, slots=True)
class _Change:
    """Whose entry numbers or waiting number tell the row, and its entry now (None: it has none)."""

    earlier: frozenset[int]
    waiting_id: int | None
    entry_id: int | None


@signable
def redecide_attribution(
    *,
    waiting_id: int,
    choice: int | str,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Changes the standing decision on a mention to a subject's id, "new", "person" or "drop".

    Every record standing under it gets an entry of the other subject that supersedes it; with "drop"
    it is revoked; after "drop" what was left out enters, unless the same record was reported again
    meanwhile. A natural person whom nothing but the name tells from others is said of this one record
    only. Returns how many records changed. Raises NotDecidedYet, NotRedecided, IdentifierTaken.
    """
    permissions.check_decide_attribution(actor)
    insist_on_reason(because)
    _insist_followed(at)
    pen = take_pen(
        showing=partial(redecision_sheet, waiting_id),
        said={"choice": str(choice), "because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        signature = pen.sign()
        rows = intake_queries.decided_alike(waiting_id)
        first = rows[0]
        history = subject_queries.judgements(first.mention, first.pk)
        before = standing_judgement(first, history)
        subject_id = chosen_subject(first, choice, at=at, actor=actor)
        if subject_id == before.subject_id:
            raise NotRedecided(
                say("没有改判：与现在的判断相同。"), "", say("请选择另一个结果，或不必办理。")
            )
        key, alone = first.mention, None
        if before.own_row or subject_queries.stands_alone(key, subject_id):
            rows, key, alone = [first], own_key(key, first.pk), first.entry_id or 0
        judgement = subjects.decide(
            mention=key,
            mention_text=first.mention_text,
            subject_id=subject_id,
            because=because,
            at=at,
            actor=actor,
        )
        said = {"because": because, "judgement": str(judgement.id), **traces(signature)}
        written = _written(rows, history)
        lines = archive.lines(list(written))
        if before.subject_id is None:
            said_before = [line for line in history if line.own_row == before.own_row]
            left_out = _records(written, _revoked_by(said_before, lines), alone)
            changed = _enter(left_out, rows, subject_id or 0, at, actor)
        else:
            alive = {line.entry_id for line in lines.values() if line.ending != Ending.WITHDRAWN}
            found = _records(written, alive, alone)
            under = [
                record
                for record in found
                if record.last.subject_id == before.subject_id and not lines[record.last.id].ending
            ]
            changed = (
                _revoke(under, said, at, actor)
                if subject_id is None
                else _move(under, subject_id, said, at, actor)
            )
        _resettle(rows, changed, judgement.id, at, actor)
        audit.record(
            act="attribution.redecide",
            object_kind="judgement",
            object_id=judgement.id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            subject_id=subject_id,
            supersedes=before.id,
            records=len(changed),
            because=because,
            **traces(signature),
        )
    follow(at=at, at_most=PATIENCE)
    return len(changed)


def standing_judgement(row: WaitingRecord, history: Sequence[JudgementLine]) -> JudgementLine:
    """The decision that a decided row stands under: its own where it was decided on by itself."""
    own = any(line.own_row and line.id == row.judgement_id for line in history)
    return next(line for line in history if line.own_row == own)


def _insist_followed(at: datetime) -> None:
    """Which records stand is read from the archive, so it must have seen every entry."""
    follow(at=at, at_most=PATIENCE)
    if followed_up_to() < ledger_queries.size():
        raise NotRedecided(
            say("没有改判：有一大批记录正在更新各档案。"),
            say("更新完才知道哪些记录要跟着改。"),
            say("请过几分钟再办理。"),
        )


def _written(
    rows: Sequence[WaitingRecord], history: Sequence[JudgementLine]
) -> dict[int, tuple[Entry, Payload | None]]:
    """Every record entered under this name and code since it was first decided, by entry id."""
    mention, since = rows[0].mention, history[-1].decided_at
    found = [
        entry
        for subject_id in sorted({each.subject_id for each in history if each.subject_id})
        for entry in ledger_queries.entries_since(
            (line.entry_id for line in archive.file_of(subject_id)), since=since
        )
    ]
    contents = ledger_queries.payloads(entry.id for entry in found)
    told = {row.entry_id for row in rows}
    written: dict[int, tuple[Entry, Payload | None]] = {}
    for entry in sorted(found, key=lambda each: -each.id):
        content = contents.get(entry.id)
        # Whose an erased record was can only be told by its number.
        if (
            entry.id in told
            if content is None
            else intake_queries.written_mention(entry.kind, content) == mention
        ):
            written[entry.id] = (entry, content)
            told.add(entry.about_id)
    return written


def _records(
    written: dict[int, tuple[Entry, Payload | None]], chosen: Iterable[int], alone: int | None
) -> Iterator[_Record]:
    """The chosen entries as records: each entry with those it superseded; with `alone` only that entry's record."""
    kept = {pk: written[pk] for pk in sorted(chosen)}
    superseded = {entry.about_id for entry, _ in kept.values()}
    for pk in kept:
        if pk in superseded:
            continue
        chain: list[Entry] = []
        at: int | None = pk
        while at in kept:
            chain.insert(0, kept[at][0])
            at = kept[at][0].about_id
        if alone is None or alone in {entry.id for entry in chain}:
            yield _Record(tuple(chain), kept[pk][1])


def _revoked_by(history: Sequence[JudgementLine], lines: dict[int, FileLine]) -> set[int]:
    """Entries that the standing decision, "nobody's", took out of the files."""
    standing = {str(j.id) for j in takewhile(lambda j: j.subject_id is None, history)}
    ended = {line.entry_id: line.ended_by for line in lines.values() if line.ended_by}
    acts = ledger_queries.payloads(set(ended.values()))
    return {
        entry_id
        for entry_id, act_id in ended.items()
        if act_id in acts and acts[act_id].open.get("judgement") in standing
    }


def _draft(record: _Record, content: Payload, subject_id: int) -> Draft:
    entry = record.last
    return Draft(
        kind=entry.kind,
        subject_id=subject_id,
        unit_id=entry.unit_id,
        true_on=entry.true_on,
        known_at=entry.known_at,
        open=content.open,
        text=content.text,
        closed=content.closed,
        key=entry.key,
        content=entry.content,
        about_id=entry.about_id,
        trait=entry.trait,
    )


def _move(
    records: Iterable[_Record],
    subject_id: int,
    said: Mapping[str, str],
    at: datetime,
    actor: Actor,
) -> list[_Change]:
    """Each record once more, of the other subject."""
    records = list(records)
    whole = [(record, record.content) for record in records if record.content is not None]
    changed = _revoke([record for record in records if record.content is None], said, at, actor)
    drafts = [
        replace(_draft(record, content, subject_id), about_id=record.last.id, known_at=at)
        for record, content in whole
    ]
    entry_ids = ledger.append(drafts=drafts, at=at, actor=actor) if drafts else []
    return changed + [
        _Change(frozenset(entry.id for entry in record.entries), None, entry_id)
        for (record, _), entry_id in zip(whole, entry_ids, strict=True)
    ]


def _revoke(
    records: Iterable[_Record], said: Mapping[str, str], at: datetime, actor: Actor
) -> list[_Change]:
    """Ends each record with all it superseded, so that none of them stands again."""
    records = list(records)
    ending = {entry.id: entry for record in records for entry in record.entries}
    drafts = [
        act_about(entry, kind=Act.REVOCATION, content=said, at=at, actor=actor)
        for _, entry in sorted(ending.items())
    ]
    if drafts:
        ledger.append(drafts=drafts, at=at, actor=actor)
    return [
        _Change(frozenset(entry.id for entry in record.entries), None, None) for record in records
    ]


def _enter(
    records: Iterable[_Record],
    rows: Sequence[WaitingRecord],
    subject_id: int,
    at: datetime,
    actor: Actor,
) -> list[_Change]:
    """What was left out enters as of its arrival; what has been reported again since stays out.

    It starts a new line of corrections, so a person's ground for not showing it is said of it again.
    """
    wanted: list[tuple[Draft, frozenset[int], int | None]] = []
    records = list(records)
    grounds = publication.withholdings([record.last.id for record in records])
    for record in records:
        if record.content is not None:
            draft = _draft(record, record.content, subject_id)
            root = record.entries[0]
            ids = frozenset(entry.id for entry in record.entries)
            wanted.append(
                (replace(draft, about_id=root.about_id, known_at=root.known_at), ids, None)
            )
    for row in sorted(rows, key=lambda each: -each.id):
        if row.state == WaitingState.DROPPED and row.entry_id is None:
            draft = intake_queries.waiting_draft(row.id, subject_id)
            wanted.append((draft, frozenset(), row.id))
    keys = [d.key for d, _, _ in wanted if d.key is not None]
    known = ledger_queries.find_keys(keys)
    # What was sealed stays so, whoever it is said to be about and whatever words it has now.
    shut = publication.sealed_keys(keys) | intake_queries.sealed_documents(keys)
    wanted = [
        (replace(d, trait=publication.with_seal(d.trait)) if d.key in shut else d, ids, row_id)
        for d, ids, row_id in wanted
    ]
    entering: list[tuple[Draft, frozenset[int], int | None]] = []
    taken: set[int] = set()
    for draft, ids, waiting_id in wanted:
        newest = known[draft.key][0].entry_id if draft.key in known else None
        if draft.key in taken or (newest is not None and newest != draft.about_id):
            continue
        if draft.key is not None:
            taken.add(draft.key)
            draft = replace(draft, about_id=newest)
        entering.append((draft, ids, waiting_id))
    if not entering:
        return []
    entry_ids = ledger.append(drafts=[draft for draft, _, _ in entering], at=at, actor=actor)
    carried = [
        act_about(
            ledger_queries.entry(entry_id),
            kind=Act.WITHHOLDING,
            content=grounds[max(ids & grounds.keys())],
            at=at,
            actor=actor,
        )
        for (_, ids, _), entry_id in zip(entering, entry_ids, strict=True)
        if ids & grounds.keys()
    ]
    if carried:
        ledger.append(drafts=carried, at=at, actor=actor)
    return [
        _Change(ids, waiting_id, entry_id)
        for (_, ids, waiting_id), entry_id in zip(entering, entry_ids, strict=True)
    ]


def _resettle(
    rows: Sequence[WaitingRecord],
    changed: Sequence[_Change],
    judgement_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """The waiting list follows: a row's state and entry, and the sums of its receipt."""
    by_entry = {entry_id: change for change in changed for entry_id in change.earlier}
    by_row = {change.waiting_id: change for change in changed}
    for row in rows:
        change = by_row.get(row.id) or by_entry.get(row.entry_id or 0)
        if change is not None:
            intake.resettle_waiting(
                waiting_id=row.id,
                entry_id=change.entry_id,
                judgement_id=judgement_id,
                at=at,
                actor=actor,
            )
