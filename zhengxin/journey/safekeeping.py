"""Backups made, a restored home settled, drills noted."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.erasing import finish_erasures, replay_erasures
from zhengxin.journey.following import follow
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.retention import journal
from zhengxin.safekeeping import actions as safekeeping
from zhengxin.safekeeping import engines, records, rules, settling
from zhengxin.safekeeping.types import Done, Made, Manifest, Restored

_SHOWN = 20


def back_up(
    *, folder: Path, keys_folder: Path, recipients: tuple[str, ...], at: datetime, actor: Actor
) -> Made:
    """The whole home into two folders; see safekeeping.actions.back_up. Noted in the home and the audit log."""
    made = safekeeping.back_up(
        folder=folder, keys_folder=keys_folder, recipients=recipients, at=at, actor=actor
    )
    sizes = {"data": made.manifest.data.size, "keys": made.manifest.keys.size}
    _note("backup", made.manifest, True, sizes, at, actor)
    return made


def settle_restored(*, place: Path, at: datetime, actor: Actor) -> Restored:
    """In the process that woke in an unpacked backup: what was erased since is erased again, then all is verified.

    Raises Refused when it cannot be the home that was backed up; what differs otherwise is among the problems.
    """
    manifest, then = settling.bring_in(place)
    merged = Path(settings.ERASURE_JOURNAL)
    noted = {each: None for path in settling.journal_files(place) for each in journal.read(path)}
    journal.note(merged, list(noted), at)
    before = engines.totals_now()
    replayed = replay_erasures(journal_path=merged, at=at, actor=actor)
    cleaned = finish_erasures(at=at, actor=actor)
    follow(at=at)
    now = engines.totals_now()
    acts = ledger.size() - manifest.size
    problems = rules.differing_entries(then, now, erased=now.erased - before.erased, acts=acts)
    if ledger.root(manifest.size).hex() != manifest.root:
        problems.append(say("账本在备份时的根值与清单不符。"))
    report = ledger.verify(payloads=True)
    problems += [f"{p.where} {p.row}：{p.because}" for p in report.problems[:_SHOWN]]
    left = ledger.readable(replayed.erased)
    if left or not cleaned:
        problems.append(say("有{n}条没有抹净。", n=len(left) or len(replayed.erased)))
    restored = Restored(
        run=manifest.run,
        made_at=manifest.at,
        size=report.size,
        root=report.root.hex(),
        contents=report.payloads,
        erased=now.erased - before.erased,
        unknown=len(replayed.unknown),
        kinds=_by_kind(now.entries),
        problems=problems,
    )
    audit.record(
        act="backup.restore",
        object_kind="backup",
        object_id=manifest.run,
        outcome=Outcome.DONE if not problems else Outcome.REFUSED,
        at=at,
        actor=actor,
        erased=restored.erased,
        problems=len(problems),
    )
    return restored


def note_drill(
    *, manifest: Manifest, ok: bool, told: dict[str, object], at: datetime, actor: Actor
) -> None:
    """A drill was held, with this outcome: in the audit log and where the doctor looks."""
    _note("drill", manifest, ok, told, at, actor)


def _note(
    what: str,
    manifest: Manifest,
    ok: bool,
    told: dict[str, object] | dict[str, int],
    at: datetime,
    actor: Actor,
) -> None:
    audit.record(
        act=f"backup.{what}",
        object_kind="backup",
        object_id=manifest.run,
        outcome=Outcome.DONE if ok else Outcome.REFUSED,
        at=at,
        actor=actor,
        size=manifest.size,
    )
    records.note(Path(settings.ZHENGXIN_HOME), Done(what, at, manifest.run, ok, dict(told)))


def _by_kind(entries: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, n in entries.items():
        kind = key.partition("/")[0]
        found[kind] = found.get(kind, 0) + n
    return dict(sorted(found.items()))
