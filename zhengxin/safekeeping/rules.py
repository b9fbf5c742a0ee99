"""Which backups stay, and whether a restored home is the one that was backed up. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from zhengxin.kernel.say import say
from zhengxin.safekeeping.types import Keep, Totals

ERASURE = "erasure"
_SHOWN = 5


def staying(runs: Iterable[tuple[str, datetime]], keep: Keep) -> set[str]:
    """The runs that are kept: the newest of each of the last days, weeks and months that have one; always the newest."""
    newest_first = sorted(runs, key=lambda run: run[1], reverse=True)
    found = {name for name, _ in newest_first[:1]}
    of: list[tuple[int, Callable[[datetime], tuple[int, ...]]]] = [
        (keep.daily, lambda at: (at.year, at.month, at.day)),
        (keep.weekly, lambda at: tuple(at.isocalendar()[:2])),
        (keep.monthly, lambda at: (at.year, at.month)),
    ]
    for number, period in of:
        seen: set[tuple[int, ...]] = set()
        for name, at in newest_first:
            if period(at) in seen:
                continue
            if len(seen) >= number:
                break
            seen.add(period(at))
            found.add(name)
    return found


def differing_tables(then: Totals, now: Totals) -> list[str]:
    """Tables whose rows are not as many as were backed up, and migrations that are not the same."""
    found = []
    for alias, tables in then.tables.items():
        here = now.tables.get(alias, {})
        for table in sorted(tables.keys() | here.keys()):
            if tables.get(table) != here.get(table):
                found.append(
                    say(
                        "表{table}应有{a}行，有{b}行。",
                        table=table,
                        a=tables.get(table, 0),
                        b=here.get(table, 0),
                    )
                )
        if sorted(then.migrations.get(alias, [])) != sorted(now.migrations.get(alias, [])):
            found.append(say("{alias}库的表的版本与清单不符。", alias=alias))
    if then.erased != now.erased:
        found.append(say("已抹去的应有{a}条，有{b}条。", a=then.erased, b=now.erased))
    return found[: _SHOWN * 2]


def differing_entries(then: Totals, now: Totals, *, erased: int, acts: int) -> list[str]:
    """What differs after `erased` contents were erased again under `acts` acts that came to the ledger for it."""
    found = []
    for key in sorted(then.entries.keys() | now.entries.keys()):
        a, b = then.entries.get(key, 0), now.entries.get(key, 0)
        if not key.startswith(f"{ERASURE}/") and a != b:
            kind, _, unit = key.partition("/")
            found.append(
                say("种类{kind}、单位{unit}：应有{a}条，有{b}条。", kind=kind, unit=unit, a=a, b=b)
            )
    grown = _erasures(now) - _erasures(then)
    if grown != acts:
        found.append(say("抹去的决定应多{a}条，多了{b}条。", a=acts, b=grown))
    if now.erased != then.erased + erased:
        found.append(say("已抹去的应有{a}条，有{b}条。", a=then.erased + erased, b=now.erased))
    return found


def _erasures(totals: Totals) -> int:
    return sum(n for key, n in totals.entries.items() if key.startswith(f"{ERASURE}/"))


def unknown_migrations(then: Totals, known: Iterable[str]) -> list[str]:
    """Migrations of the backup that this program has never heard of."""
    here = set(known)
    return sorted({name for names in then.migrations.values() for name in names} - here)
