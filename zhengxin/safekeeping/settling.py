"""What can be said of an unpacked backup before anything is done with it, by the process that woke in it."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.vault import keyring
from zhengxin.safekeeping import engines, manifests, rules, unpacking
from zhengxin.safekeeping.homefiles import STORES
from zhengxin.safekeeping.refusals import RestoreRefused
from zhengxin.safekeeping.types import Manifest, Totals


def bring_in(place: Path) -> tuple[Manifest, Totals]:
    """The stores loaded, counted, migrated; the master key and the signature tried. Raises RestoreRefused, Refused."""
    manifest, _note = manifests.read_manifest(place)
    told = json.loads((place / unpacking.TOLD).read_text(encoding="utf-8"))
    then = manifests.totals_of(told["totals"])
    if manifest.engine != engines.engine():
        raise RestoreRefused(
            say("没有恢复：备份来自{a}，这里用的是{b}。", a=manifest.engine, b=engines.engine()),
            "",
            say("请设好或去掉DATABASE_URL，用同一种数据库恢复。"),
        )
    insist_known(then)
    engines.insist_empty()
    (place / unpacking.LOADING).touch()
    engines.load(place / STORES)
    differing = rules.differing_tables(then, engines.totals_now())
    if differing:
        raise RestoreRefused(
            say("没有恢复：读回来的行数与备份时不同。"),
            "".join(differing),
            say("请换另一份备份。"),
        )
    migrate()
    keyring.check()
    if manifest.verifier not in [line for line, _ in ledger.verifier_keys()]:
        raise RestoreRefused(
            say("没有恢复：清单不是这本账的密钥签的。"),
            say("有人换过备份，或者数据和密钥不是一起的。"),
            say("请保留这份备份并报告，换另一份。"),
        )
    return manifest, then


def differences(then: Totals, now: Totals, *, erased: int, acts: int) -> list[str]:
    """What is not as it was backed up, but for what was erased again."""
    return rules.differing_entries(then, now, erased=erased, acts=acts)


def insist_known(then: Totals) -> None:
    """Raises RestoreRefused when the backup was made by a newer program."""
    loader = MigrationExecutor(connections["default"]).loader
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or ()}
    strange = [
        name
        for name in rules.unknown_migrations(then, known)
        if name.partition(".")[0] in loader.migrated_apps
    ]
    if strange:
        raise RestoreRefused(
            say("没有恢复：备份比程序新，程序不认识{names}。", names="、".join(strange[:4])),
            "",
            say("请用备份那时或更新的程序。"),
        )


def migrate() -> None:
    """The tables of all stores as this program wants them."""
    for alias in engines.ALIASES:
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def journal_files(place: Path) -> list[Path]:
    """The journals to replay: those found beside the backup and elsewhere, and the one within it."""
    found = sorted((place / unpacking.JOURNALS).glob("*.jsonl"))
    return [*found, Path(settings.ERASURE_JOURNAL)]
