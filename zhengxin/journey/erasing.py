"""The content of a record erased for good: its key, then every other copy, then the last trace in the files.

The decision is an act on the ledger and a line of the journal. What follows from it is done by repeatable steps and
noted as pending until nothing is left, so that a process killed anywhere in between loses nothing but time: the next
call, or the worker, goes on.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from zhengxin.accounts import papers, permissions
from zhengxin.accounts.enums import PaperState
from zhengxin.accounts.types import Signed
from zhengxin.archive import queries as archive
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.handover import actions as handover
from zhengxin.intake import actions as intake
from zhengxin.intake import queries as intake_queries
from zhengxin.journey.acting import act_about
from zhengxin.journey.following import follow
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import erasure_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE, claim, put_away
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.publication import actions as publication
from zhengxin.retention import actions as retention
from zhengxin.retention import journal
from zhengxin.retention import queries as retention_queries
from zhengxin.retention.enums import HoldOn
from zhengxin.retention.journal import Noted
from zhengxin.retention.types import Bearing, Held
from zhengxin.safekeeping import actions as safekeeping
from zhengxin.subjects import actions as subjects
from zhengxin.subjects import queries as subject_queries

Forget = Callable[[Sequence[Entry], datetime, Actor], bool]


class NotARecord(Refused):
    """Only records are erased; what somebody decided about them stays."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """Entries of a journal that are erased here (again), and those that this ledger does not have."""

    erased: tuple[int, ...]
    unknown: tuple[int, ...]


def chain_of(*, entry_id: int) -> list[Entry]:
    """The entries that bear the content of this record: it, what it corrected, what corrected it. Raises EntryMissing."""
    return ledger_queries.chain_of([ledger_queries.entry(entry_id)])


def holds_over(*, entries: Sequence[Entry], on: date) -> list[Held]:
    """The legal holds in force on that day over these records, their subjects and the submissions they came with."""
    return retention_queries.standing_over(_bearing(entries, intake_queries.sent_with(entries)), on)


def _bearing(entries: Sequence[Entry], submission_ids: Collection[int]) -> list[Bearing]:
    """What each of these records belongs to. They are erased together, so the submissions are those of all."""
    return [
        Bearing(
            each.id,
            {
                HoldOn.ENTRY: frozenset({each.id}),
                HoldOn.SUBJECT: frozenset({each.subject_id} if each.subject_id else ()),
                HoldOn.SUBMISSION: frozenset(submission_ids),
            },
        )
        for each in entries
    ]


@signable
def erase(
    *,
    entry_id: int,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
    whole_chain: bool = True,
) -> list[int]:
    """Destroys the content of a record; its place in the tree and every old proof stay. Returns the entries erased.

    whole_chain: with everything else that bears its content. When this returns nobody can read it anywhere;
    the last traces in the bytes of the stores are the worker's, see finish_erasures. Broken off, the same call
    again does the rest. Raises EntryMissing, NotARecord, HeldByLaw.
    """
    permissions.check_erase(actor)
    insist_on_reason(because)
    entry = ledger_queries.entry(entry_id)
    if entry.kind in Act.values:
        raise NotARecord(
            say("没有抹去：编号{id}是一项决定，不是信用记录。", id=entry_id),
            say("谁作过什么决定要留下来，供当事人和审计查看。"),
            say("请核对编号。"),
        )
    entries = ledger_queries.chain_of([entry]) if whole_chain else [entry]
    pen = take_pen(
        showing=partial(erasure_sheet, entry_id),
        said={"because": because, "whole_chain": whole_chain},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        retention.take_turn(at=at, actor=actor)
        fresh = [each for each in entries if retention_queries.erasure(each.id) is None]
        if fresh:
            files = intake_queries.submissions_bearing(fresh, _left_bare(fresh))
            retention.insist_not_held(records=_bearing(fresh, files), at=at, actor=actor)
            _decide(fresh, because, at, actor, **traces(pen.sign()))
    follow(at=at, at_most=PATIENCE)
    _forget_pending(at, actor)
    return [each.id for each in entries]


def _decide(
    entries: Sequence[Entry], because: str, at: datetime, actor: Actor, **signature: Any
) -> None:
    """The acts, the log and the pending work in one transaction; the journal first of all."""
    drafts = [
        act_about(
            each, kind=Act.ERASURE, content={"because": because, **signature}, at=at, actor=actor
        )
        for each in entries
    ]
    act_ids = ledger.append(drafts=drafts, at=at, actor=actor)
    for each in entries:
        audit.record(
            act="entry.erase",
            object_kind="entry",
            object_id=each.id,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            subject_id=each.subject_id,
            because=because,
            **signature,
        )
    ids = [each.id for each in entries]
    retention.open_erasures(acts=dict(zip(ids, act_ids, strict=True)), at=at, actor=actor)
    noted = [Noted(each.id, journal.digest_of(bytes(each.commitment))) for each in entries]
    journal.note(Path(settings.ERASURE_JOURNAL), noted, at)


def finish_erasures(*, at: datetime, actor: Actor) -> bool:
    """Does what is left of every erasure: copies first, then one cleaning of the stores for all. True when nothing is left.

    Writes each store anew (minutes on millions of entries), so it is the worker's. Again is harmless.
    """
    if not retention_queries.pending():
        return True
    if not _forget_pending(at, actor) or not safekeeping.sweep_staging(at=at, actor=actor):
        return False
    safekeeping.drop_way_back(at=at, actor=actor)
    done = [each.entry_id for each in retention_queries.pending()]
    # Once more: a download may have been on its way from the board as it was before.
    _forget_published(list(ledger_queries.entries(done)), at, actor)
    publication.sweep_downloads(at=at, actor=actor)
    for alias, tables in _touched().items():
        if not ledger.scrub(alias=alias, tables=tables, at=at, actor=actor):
            return False
    retention.mark_cleaned(entry_ids=done, at=at, actor=actor)
    return True


def _touched() -> dict[str, list[str]]:
    """The tables, by store, that lose words or keys when something is erased."""
    return {
        "keys": ["vault_secret", "vault_filekey"],
        "default": [*intake.ERASABLE, *subjects.ERASABLE],
        "board": publication.ERASABLE,
    }


def replay_erasures(*, journal_path: Path, at: datetime, actor: Actor) -> Replayed:
    """After an older backup was restored: erases again what the journal lists; finish_erasures does the rest.

    Decides nothing: every line is a decision taken before. An entry of that number but of another content, and
    one that came after the backup, are told as unknown. Again is harmless.
    """
    here: dict[int, Entry] = {}
    unknown: list[int] = []
    for noted in dict.fromkeys(journal.read(journal_path)):
        found = ledger_queries.entries([noted.entry_id]).first()
        if found is None or journal.digest_of(bytes(found.commitment)) != noted.digest:
            unknown.append(noted.entry_id)
        else:
            here[found.id] = found
    with transaction.atomic():
        retention.take_turn(at=at, actor=actor)
        lost = [each for pk, each in here.items() if retention_queries.erasure(pk) is None]
        if lost:
            _decide(lost, say("恢复备份以后，把已经决定抹去的内容再抹去一次。"), at, actor)
        retention.reopen_erasures(entry_ids=here, at=at, actor=actor)
    follow(at=at)
    _forget_pending(at, actor)
    return Replayed(tuple(sorted(here)), tuple(unknown))


def _forget_pending(at: datetime, actor: Actor) -> bool:
    """Every copy of pending entries that anybody could read; False while a file is in other hands."""
    ids = [each.entry_id for each in retention_queries.pending() if each.forgotten_at is None]
    if not ids:
        return True
    for entry_id in ledger_queries.readable(ids):
        # Two people, or the worker beside one, may be at it: whoever comes second finds it done.
        with suppress(ledger.NothingToErase):
            ledger.erase(entry_id=entry_id, because="", at=at, actor=actor)
    entries = list(ledger_queries.entries(ids))
    if all([forget(entries, at, actor) for forget in ROOMS]):
        retention.mark_forgotten(entry_ids=ids, at=at, actor=actor)
        return True
    return False


def _forget_published(entries: Sequence[Entry], at: datetime, actor: Actor) -> bool:
    kinds = {each.kind for each in entries}
    publication.take_off(kinds=kinds, at=at, actor=actor)
    return True


def _forget_printed(entries: Sequence[Entry], at: datetime, actor: Actor) -> bool:
    """Papers under way on which the content stands are void and gone."""
    for paper in papers.naming([each.id for each in entries]):
        papers.settle(paper_id=paper.pk, state=PaperState.STALE, at=at, actor=actor)
    return True


def _forget_handed_over(entries: Sequence[Entry], at: datetime, actor: Actor) -> bool:
    """Batches packed for offices above, and files in folders shared with them; those that hold the content are told."""
    for each in entries:
        handover.forget(entry_id=each.id, at=at, actor=actor)
    return handover.withdraw(
        entry_ids=[each.id for each in entries],
        submission_ids=intake_queries.sent_with(entries),
        at=at,
        actor=actor,
    )


def _forget_sent(entries: Sequence[Entry], at: datetime, actor: Actor) -> bool:
    """Uploads, receipts, waiting records, and the subjects of whom nothing else is known."""
    complete = True
    for submission_id in intake_queries.lying_open(before=at):
        with claim(submission_id) as mine:
            settled = intake_queries.submission(submission_id).state in intake_queries.SETTLED
            done = mine and settled and put_away(submission_id, at=at, actor=actor)
            complete = complete and done
    bare = _left_bare(entries)
    struck = intake_queries.find_struck(entries, bare)
    waiting = intake_queries.waiting_of(entries, struck)
    with transaction.atomic():
        names, mentions = subject_queries.all_names(bare), intake_queries.borne_alone(waiting)
        intake.forget_waiting(entries=entries, struck=struck, names=names, at=at, actor=actor)
        subjects.forget(subject_ids=bare, mentions=mentions, at=at, actor=actor)
    # The records' own rows last: by them the next attempt finds the others.
    own = intake_queries.sent_with(entries)
    for submission_id, what in sorted(struck.items(), key=lambda item: item[0] in own):
        if submission_id in own and not complete:
            break
        with claim(submission_id) as mine:
            if mine:
                intake.strike_rows(submission_id=submission_id, struck=what, at=at, actor=actor)
            complete = complete and mine
    return complete


def _left_bare(entries: Sequence[Entry]) -> list[int]:
    """Those of their subjects of whom no record but these can be read."""
    found, these = [], {each.id for each in entries}
    for subject_id in {each.subject_id for each in entries if each.subject_id is not None}:
        others = {line.entry_id for line in archive.file_of(subject_id)} - these
        if not ledger_queries.readable(others):
            found.append(subject_id)
    return sorted(found)


# Each takes out its copies of erased entries and says whether all are gone; called again until it is so.
ROOMS: list[Forget] = [_forget_published, _forget_printed, _forget_handed_over, _forget_sent]
