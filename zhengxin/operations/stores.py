"""Checks of the three stores: do they answer, are their tables up to date, do the guards of history stand."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.db import DatabaseError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from zhengxin.audit.triggers import AppendOnly
from zhengxin.kernel.say import say
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding

OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


def store_names() -> dict[str, str]:
    """The stores by alias, with what people call them."""
    return {"default": say("主库"), "keys": say("密钥库"), "board": say("公开库")}


def aliases() -> list[str]:
    """The stores that this process may open: the portal's own has the board alone."""
    opened = [alias for alias in connections if alias in store_names()]
    engines = {alias: str(connections[alias].settings_dict["ENGINE"]) for alias in opened}
    return [alias for alias, engine in engines.items() if not engine.endswith("dummy")]


def store_findings() -> list[Finding]:
    """One finding a store while any does not answer; else also tables, guards and how they are kept apart."""
    found = [_answers(alias) for alias in aliases()]
    if any(each.verdict is FAIL for each in found):
        return found
    found.append(_migrated())
    if found[-1].verdict is OK:
        found.append(_guarded())
    if "keys" in aliases():
        found.append(_apart())
    if any(connections[alias].vendor == "postgresql" for alias in aliases()):
        found.append(archived(_setting("archive_mode")))
    return found


def _setting(name: str) -> str:
    """A setting of the PostgreSQL server that holds the store asked first."""
    alias = next(each for each in aliases() if connections[each].vendor == "postgresql")
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def archived(mode: str) -> Finding:
    """Whether the server keeps its write-ahead log for ever: what was erased stands there, too."""
    title = say("预写日志")
    if mode == "off":
        return Finding("archive", title, OK, say("PostgreSQL不归档预写日志。"))
    return Finding(
        "archive", title, WARN, say("PostgreSQL在归档预写日志（archive_mode={mode}）：抹去的内容和密钥还在归档里。", mode=mode),
        say("归档要加密、设保存期限，抹去以后另做基础备份、删去旧归档；见docs/how-to/operations.md“PostgreSQL和抹去”。"),
    )  # fmt: skip


def _answers(alias: str) -> Finding:
    code, title = f"store_{alias}", store_names()[alias]
    connection = connections[alias]
    if connection.vendor == "sqlite" and not _there(connection):
        return Finding(
            code, title, FAIL, say("没有文件{name}。", name=connection.settings_dict["NAME"]),
            say("第一次用，运行zhengxin init 县；本来有的，请从备份恢复，不要另建。"),
        )  # fmt: skip
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            cursor.fetchone()
    except DatabaseError as fault:
        return Finding(
            code, title, FAIL, say("不回答（{kind}）。", kind=_kind(str(fault))),
            say("SQLite的：看文件权限和磁盘，损坏的从备份恢复。PostgreSQL的：看服务是否在运行、DATABASE_URL是否对；还没有建表的，运行zhengxin migrate或upgrade。"),
        )  # fmt: skip
    return Finding(code, title, OK, say("能读。"))


def _there(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name or Path(name).is_file()


def _kind(words: str) -> str:
    """What the engine said, without values or names: its first words."""
    known = {
        "not a database": say("文件不是数据库或已损坏"),
        "malformed": say("文件已损坏"),
        "unable to open": say("文件打不开"),
        "readonly": say("只读"),
        "no such table": say("还没有建表"),
        "does not exist": say("库或表不存在"),
        "full": say("磁盘已满"),
        "locked": say("被别的程序占住"),
        "refused": say("服务没有在运行"),
        "password": say("口令不对"),
    }
    return next((meaning for part, meaning in known.items() if part in words), say("原因见日志"))


@lru_cache(maxsize=1)
def _on_disk() -> MigrationLoader:
    return MigrationLoader(None)


def _migrated() -> Finding:
    title = say("表的版本")
    loader = _on_disk()
    behind, ahead = set(), set()
    assert loader.disk_migrations is not None
    for alias in aliases():
        applied = set(MigrationRecorder(connections[alias]).applied_migrations())
        behind |= {name for name in loader.disk_migrations if name not in applied}
        apps = {app for app, _ in loader.disk_migrations}
        ahead |= {n for n in applied if n[0] in apps and n not in loader.disk_migrations}
    if ahead:
        return Finding(
            "migrations", title, FAIL, say("数据库比程序新：程序不认识{names}。", names=_named(ahead)),
            say("请换回较新的程序；不要用旧程序打开新数据。"),
        )  # fmt: skip
    if behind:
        return Finding(
            "migrations", title, FAIL, say("表还没有更新：{names}。", names=_named(behind)),
            say("请先备份，停止服务，再运行zhengxin upgrade。"),
        )  # fmt: skip
    return Finding("migrations", title, OK, say("已是最新。"))


def _named(names: set[tuple[str, str]]) -> str:
    shown = sorted(".".join(name) for name in names)
    return "、".join(shown[:4]) + (say("等{n}项", n=len(shown)) if len(shown) > 4 else "")


def guarded_tables() -> list[tuple[str, str]]:
    """Store and table of every table that a migration made append-only and that still exists."""
    loader = _on_disk()
    assert loader.disk_migrations is not None
    found = []
    for (app, _), migration in sorted(loader.disk_migrations.items()):
        for operation in migration.operations:
            if isinstance(operation, AppendOnly):
                found += [(a, operation.table) for a in aliases() if router.allow_migrate(a, app)]
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in aliases()}
    return list(dict.fromkeys((a, table) for a, table in found if table in tables[a]))


def _guarded() -> Finding:
    title = say("只增不改的保护")
    lacking = []
    for alias in aliases():
        standing = _triggers[connections[alias].vendor](connections[alias])
        verbs = ["update", "delete"]
        if connections[alias].vendor == "postgresql":
            verbs.append("truncate")
        for store, table in guarded_tables():
            if store == alias:
                lacking += [t for v in verbs if (t := f"{table}_no_{v}") not in standing]
    if lacking:
        return Finding(
            "guards", title, FAIL, say("{n}个触发器不在了：{names}。历史可能被改过。", n=len(lacking), names="、".join(lacking[:4])),
            say("请先保存现场和审计记录，再运行zhengxin ledger verify核验；查清是谁去掉的之后，从备份恢复或重建触发器。"),
        )  # fmt: skip
    for alias in aliases():
        if connections[alias].vendor == "sqlite" and _pragma(alias, "recursive_triggers") != 1:
            return Finding(
                "guards", title, FAIL, say("recursive_triggers没有打开，INSERT OR REPLACE会绕过保护。"),
                say("请用本程序自带的数据库设置（zhengxin.config.sqlite）连接。"),
            )  # fmt: skip
    return Finding("guards", title, OK, say("{n}张表只能增加。", n=len(guarded_tables())))


def _sqlite_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        # One of the same name that does nothing is no guard.
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%%RAISE(ABORT%%'",
            [],
        )
        return {name for (name,) in cursor.fetchall()}


def _postgres_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        return {name for (name,) in cursor.fetchall()}


_triggers: dict[str, Callable[[BaseDatabaseWrapper], set[str]]] = {
    "sqlite": _sqlite_triggers,
    "postgresql": _postgres_triggers,
}


def _pragma(alias: str, name: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return int(cursor.fetchone()[0])


def _apart() -> Finding:
    title = say("密钥库和主库分开")
    main, keys = (connections[alias].settings_dict for alias in ("default", "keys"))
    same = all(main[part] == keys[part] for part in ("NAME", "HOST", "PORT"))
    if same:
        return Finding(
            "apart", title, WARN, say("内容密钥和登记簿在同一个数据库里：一份导出就带走两样。"),
            say("请另建一个库给密钥，用ZHENGXIN_KEYS_URL指定，备份也分开放。"),
        )  # fmt: skip
    return Finding("apart", title, OK, say("不在同一个库里。"))
