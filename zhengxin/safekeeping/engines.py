"""The stores at one instant, whichever engine keeps them: pinned, counted, written out, read back."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from zhengxin.kernel.disks import DiskFull, is_full
from zhengxin.kernel.merkle import EMPTY_ROOT
from zhengxin.kernel.say import say
from zhengxin.kernel.stores import STORE_FILES
from zhengxin.safekeeping.refusals import BackupRefused, RestoreRefused
from zhengxin.safekeeping.types import Totals

# The order in which an act takes the stores, so that nobody waits crosswise.
ALIASES = ("default", "keys", "board")
# On a server: whoever moves a submission on, or changes the key of its files, waits for a moment.
_HELD = {"default": "intake_submission", "keys": "vault_filekey"}
_ADDRESS = (
    "host", "hostaddr", "port", "user", "dbname", "service", "passfile", "options",
    "sslmode", "sslrootcert", "sslcert", "sslkey",
)  # fmt: skip
_PG_FOLDERS = "/usr/lib/postgresql", "/usr/pgsql*", "/opt/homebrew/opt/postgresql*"


class Pinned:
    """Connections of our own that go on seeing the stores as they were when all writers stood still."""

    def __init__(self) -> None:
        self.views: dict[str, BaseDatabaseWrapper] = {}
        self.snapshots: dict[str, str] = {}

    def pin(self, alias: str) -> None:
        """From here on this store is seen as it is now."""
        view = connections[alias].copy()
        view.ensure_connection()
        self.views[alias] = view
        if view.vendor == "sqlite":
            raw = view.connection
            raw.execute("BEGIN")
            raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return
        with view.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            self.snapshots[alias] = cursor.fetchone()[0]

    def rows(self, alias: str, statement: str) -> list[Any]:
        """What a question to the pinned store gives."""
        raw: Any = self.views[alias].connection
        cursor = raw.cursor()
        cursor.execute(statement)
        return list(cursor.fetchall())

    def write(self, alias: str, target: Path) -> None:
        """The whole store into a file. Raises BackupRefused, DiskFull."""
        view = self.views[alias]
        if view.vendor == "sqlite":
            with sqlite3.connect(target) as copy:
                view.connection.backup(copy)
            copy.close()
            return
        with view.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = cursor.fetchone()[0]
        arguments = [
            "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--schema={schema}",
            f"--snapshot={self.snapshots[alias]}", f"--file={target}",
        ]  # fmt: skip
        _run("pg_dump", view, arguments, BackupRefused)

    def close(self) -> None:
        """The stores may forget that moment."""
        for view in self.views.values():
            with suppress(Exception):
                view.connection.rollback()
            view.close()


@contextmanager
def standstill() -> Iterator[Pinned]:
    """Within it nobody writes to any store; the pinned views are the caller's to close."""
    pinned = Pinned()
    try:
        with ExitStack() as stack:
            for alias in ALIASES:
                stack.enter_context(transaction.atomic(using=alias))
                if connections[alias].vendor == "postgresql" and alias in _HELD:
                    with connections[alias].cursor() as cursor:
                        cursor.execute("SET LOCAL lock_timeout = '60s'")
                        cursor.execute(f"LOCK TABLE {_HELD[alias]} IN SHARE MODE")
            # What follows may lag behind what it follows, never be ahead of it; a secret comes before its entry.
            for alias in ("board", "default", "keys"):
                pinned.pin(alias)
            yield pinned
    except BaseException:
        pinned.close()
        raise


def totals(seen: Pinned) -> Totals:
    """Counts of the pinned stores."""
    entries = seen.rows(
        "default",
        "SELECT e.kind, e.unit_id, count(*) FROM ledger_entry e "
        "JOIN ledger_seal s ON s.batch_id = e.batch_id GROUP BY e.kind, e.unit_id",
    )
    return Totals(
        entries={f"{kind}/{'' if unit is None else unit}": n for kind, unit, n in entries},
        tables={alias: _table_rows(seen, alias) for alias in ALIASES},
        erased=seen.rows("keys", "SELECT count(*) FROM vault_secret WHERE secret IS NULL")[0][0],
        migrations={
            alias: [
                f"{app}.{name}"
                for app, name in seen.rows(alias, "SELECT app, name FROM django_migrations")
            ]
            for alias in ALIASES
        },
    )


def tree(seen: Pinned) -> tuple[int, str]:
    """Size and root (hexadecimal) of the pinned tree."""
    found = seen.rows(
        "default", "SELECT base + n, root FROM ledger_seal ORDER BY base DESC LIMIT 1"
    )
    return (found[0][0], bytes(found[0][1]).hex()) if found else (0, EMPTY_ROOT.hex())


def totals_now() -> Totals:
    """Counts of the stores as they are."""
    seen = Pinned()
    try:
        for alias in ALIASES:
            seen.pin(alias)
        return totals(seen)
    finally:
        seen.close()


def _table_rows(seen: Pinned, alias: str) -> dict[str, int]:
    return {
        name: seen.rows(alias, f'SELECT count(*) FROM "{name}"')[0][0]
        for name in tables(seen, alias)
    }


def tables(seen: Pinned, alias: str) -> list[str]:
    """The names of a store's tables."""
    if seen.views[alias].vendor == "sqlite":
        statement = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    else:
        statement = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return sorted(name for (name,) in seen.rows(alias, statement))


def file_name(alias: str) -> str:
    """What the store is called in an archive."""
    return STORE_FILES[alias] if _sqlite(alias) else f"{alias}.dump"


def engine() -> str:
    """Which engine keeps the main store."""
    return connections["default"].vendor


def _sqlite(alias: str) -> bool:
    return connections[alias].vendor == "sqlite"


def insist_empty() -> None:
    """Raises RestoreRefused when a store on a server holds tables already."""
    for alias in ALIASES:
        if not _sqlite(alias) and connections[alias].introspection.table_names():
            raise RestoreRefused(
                say("没有恢复：数据库里已经有表。"),
                say("恢复不会盖掉已有的数据。"),
                say("请用DATABASE_URL指到一个新建的空数据库。"),
            )


def load(folder: Path) -> None:
    """The stores on a server, in schemas that are there, from their files; SQLite's files are the stores. Raises RestoreRefused."""
    for alias in ALIASES:
        if _sqlite(alias):
            continue
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = cursor.fetchone()[0]
        # With --schema alone the schema itself, which is there, is not made again.
        arguments = [
            "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
            f"--schema={schema}", str(folder / file_name(alias)),
        ]  # fmt: skip
        _run("pg_restore", connection, arguments, RestoreRefused)


def unload() -> None:
    """Take out again what `load` brought into empty stores on a server."""
    for alias in ALIASES:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            (schema,) = cursor.fetchone()
            if schema is not None:
                cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
                cursor.execute(f'CREATE SCHEMA "{schema}"')


def _tool(name: str, connection: BaseDatabaseWrapper) -> str:
    """A PostgreSQL program at least as new as the server, and no newer than need be. Raises BackupRefused.

    A later pg_restore sets what an earlier server does not know (transaction_timeout, before 17).
    """
    wanted = int(connection.pg_version) // 10_000  # type: ignore[attr-defined]  # of that engine
    folders = [os.environ.get("ZHENGXIN_PG_BIN", ""), *os.environ.get("PATH", "").split(os.pathsep)]
    for pattern in _PG_FOLDERS:
        root = Path(pattern)
        folders += [str(each) for each in sorted(root.parent.glob(f"{root.name}/*/bin"))]
        folders += [str(each) for each in sorted(root.parent.glob(f"{root.name}/bin"))]
    fit: dict[int, str] = {}
    seen = []
    for folder in filter(None, folders):
        path = shutil.which(name, path=folder)
        if path is None:
            continue
        told = subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=False
        ).stdout
        major = re.search(r"(\d+)", told)
        if major and int(major[1]) >= wanted:
            fit.setdefault(int(major[1]), path)
        seen.append(told.strip())
    if fit:
        return fit[min(fit)]
    raise BackupRefused(
        say("没有办理：找不到{wanted}版以上的{name}。", wanted=wanted, name=name),
        say("数据库服务器是{wanted}版，旧的工具读不全；找到的有：{seen}。", wanted=wanted, seen="、".join(dict.fromkeys(seen)) or say("无")),
        say("请安装postgresql-client-{wanted}，或用ZHENGXIN_PG_BIN指到它的文件夹。", wanted=wanted),
    )  # fmt: skip


def _run(
    name: str,
    connection: BaseDatabaseWrapper,
    arguments: list[str],
    refusal: type[BackupRefused] | type[RestoreRefused],
) -> None:
    """The program on the database of this connection. The password goes where no list of processes shows it."""
    from psycopg.conninfo import make_conninfo  # an extra, there when its engine is

    given = connection.get_connection_params()
    # What we were given, not what the connection knows: an earlier libpq refuses words of a later one.
    where = make_conninfo(**{word: given[word] for word in _ADDRESS if given.get(word)})
    secret = {"PGPASSWORD": str(given["password"])} if given.get("password") else {}
    environment = {**os.environ, **secret}
    done = subprocess.run(
        [_tool(name, connection), f"--dbname={where}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        if is_full(OSError(done.stderr)):
            raise DiskFull
        raise refusal(
            say("没有办理：{name}出错。", name=name),
            # Its last line, which names objects and never rows.
            (done.stderr.strip().splitlines() or [""])[-1].strip()[:300] + say("。"),
            say("请照这句话排除后再试。"),
        )
