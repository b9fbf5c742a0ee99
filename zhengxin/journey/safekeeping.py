"""Backups made, a restored home settled, drills noted."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

import zhengxin
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.erasing import finish_erasures, replay_erasures
from zhengxin.journey.following import follow, rebuild
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.vault import keyring
from zhengxin.retention import journal
from zhengxin.safekeeping import actions as safekeeping
from zhengxin.safekeeping import engines, records, settling, upgrading
from zhengxin.safekeeping.types import Done, Made, Manifest, Restored

_SHOWN = 20
_FOLLOWING = ("archive_", "duties_", "publication_")


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
    problems = settling.differences(then, now, erased=now.erased - before.erased, acts=acts)
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


def rehearse_upgrade(*, stores: Path, at: datetime, actor: Actor) -> int:
    """In a process that woke in an empty scratch home: a copy is upgraded and verified. Returns its size."""
    before = upgrading.load_and_migrate(stores)
    upgrading.insist_same(before, engines.totals_now())
    rebuild(name="all", at=at, actor=actor)
    followed = engines.totals_now().tables["default"]
    for table, n in before.tables["default"].items():
        if table.startswith(_FOLLOWING) and table in followed and followed[table] != n:
            raise upgrading.UpgradeRefused(
                say("重建的{table}有{b}行，原有{a}行。", table=table, a=n, b=followed[table])
            )
    return _insist_sound()


def upgrade(*, environment: Mapping[str, str], at: datetime, actor: Actor) -> list[str]:
    """Snapshot, rehearsal, then the home itself; returns the migrations done. Raises UpgradeRefused; see docs/how-to/upgrade.md."""
    home = Path(settings.ZHENGXIN_HOME)
    names = upgrading.pending()
    snapshot = upgrading.take_snapshot(home, at)
    upgrading.rehearse(home, environment)
    settling.migrate()
    upgrading.insist_same(snapshot.totals, engines.totals_now())
    _insist_sound()
    audit.record(
        act="program.upgrade",
        object_kind="program",
        object_id=zhengxin.__version__,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        migrations=names,
    )
    return names


def _insist_sound() -> int:
    """The ledger verifies with its contents. Raises UpgradeRefused."""
    keyring.check()
    report = ledger.verify(payloads=True)
    if not report.ok:
        raise upgrading.UpgradeRefused(
            say("登记簿核验不符。"),
            report.as_text(),
            say("请保留现场，运行zhengxin upgrade --back。"),
        )
    return report.size


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
