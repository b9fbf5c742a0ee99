"""A county of the bench's own, and empty stores of the same shape beside it."""

import os
import tempfile
from pathlib import Path

from zhengxin.console.bench.bare import TABLES, write_again

UNIT_NAME = "示例县市场监督管理局"


def own_home() -> Path:
    """A temporary home, chosen before the settings are read."""
    folder = Path(tempfile.mkdtemp(prefix="zhengxin-bench-"))
    os.environ["ZHENGXIN_HOME"] = str(folder)
    return folder


def open_example() -> tuple[int, tuple[str, str]]:
    """Tables, the invented county's units; returns the sending unit's id and (name, code)."""
    from zhengxin.console.ready import county_day, now, ready

    ready()
    from django.conf import settings

    from zhengxin import journey
    from zhengxin.kernel.actor import Actor
    from zhengxin.ledger import queries as ledger
    from zhengxin.subjects import queries as subjects

    if ledger.size():
        raise SystemExit("bench 要在空的库上运行：DATABASE_URL 指向的库里已有记录。")
    register, actor = settings.BASE_DIR / "registers" / "example.yaml", Actor.system("bench")
    journey.open_county(register=register, at=now(), actor=actor)
    journey.open_invented_accounts(
        register=register, from_on=county_day(now()), at=now(), actor=actor
    )
    unit = subjects.unit_by_name(UNIT_NAME, county_day(now()))
    assert unit is not None
    return unit.id, (UNIT_NAME, unit.uscc)


def write_bare(folder: Path) -> float:
    """Writes everything once more with the bare driver; returns the seconds spent writing."""
    from django.db import connections

    vendor = connections["default"].vendor
    spent = 0.0
    for alias, tables in TABLES.items():
        target = f"bare_{alias}"
        connections.databases[target] = dict(connections.databases[alias])
        if vendor == "sqlite":
            connections.databases[target]["NAME"] = folder / f"{target}.sqlite3"
        else:
            options = dict(connections.databases[alias].get("OPTIONS") or {})
            options["options"] = "-c search_path=zx_bare"
            connections.databases[target]["OPTIONS"] = options
        _same_tables(alias, target, tables)
        for table in tables:
            spent += write_again(alias, target, table)
        connections[target].close()
    return spent


def _same_tables(source: str, target: str, tables: tuple[str, ...]) -> None:
    """Empty tables with the same columns and indexes."""
    from django.db import connections

    with connections[source].cursor() as reading, connections[target].cursor() as writing:
        if connections[source].vendor == "sqlite":
            for table in tables:
                reading.execute(
                    "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index')"
                    " AND sql IS NOT NULL ORDER BY type DESC",
                    [table],
                )
                for (sql,) in reading.fetchall():
                    writing.execute(sql)
            return
        reading.execute("SELECT current_schema()")
        (schema,) = reading.fetchone()
        writing.execute("CREATE SCHEMA IF NOT EXISTS zx_bare")
        for table in tables:
            writing.execute(
                f'CREATE TABLE zx_bare."{table}" (LIKE "{schema}"."{table}" INCLUDING ALL)'
            )
