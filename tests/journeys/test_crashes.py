"""A file is being admitted and the machine goes down, again and again: every row enters exactly once."""

import json
import os
import signal
import time
from datetime import date
from pathlib import Path
from random import Random

from tests.homes import Home, new_home
from tests.rows import licence_file

ROWS = 30_000
UNIT = "县市场监管局"
COUNT = """
from zhengxin.intake.models import Submission
from zhengxin.ledger.models import Entry, Payload, Seal
licences = Entry.objects.filter(kind="licence")
answer = {
    "states": list(Submission.objects.values_list("state", flat=True)),
    "entries": licences.count(),
    "payloads": Payload.objects.filter(entry_id__in=licences.values("id")).count(),
    "keys": licences.values("key").distinct().count(),
    "loose": Entry.objects.count() - sum(Seal.objects.values_list("n", flat=True)),
}
"""


def admit_and_kill(home: Home, path: Path, after: float) -> bool:
    """Starts the admission and kills the whole process group; False when it had ended before."""
    running = home.start("intake", path, "--source", "licences", "--unit", UNIT)
    received = home.path / "submissions"
    # However slowly the command starts: the time runs from when the file has arrived.
    while running.poll() is None and not any(received.glob("[0-9]*")):
        time.sleep(0.01)
    begun = time.monotonic()
    while running.poll() is None and time.monotonic() - begun < after:
        time.sleep(0.01)
    ended = running.poll() is not None
    if not ended:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    return not ended


def test_killed_at_any_moment_no_row_enters_twice(tmp_path: Path) -> None:
    with new_home(tmp_path / "home") as home:
        code = (
            "from zhengxin.console.ready import ready; ready()\n"
            "from django.conf import settings; from django.utils import timezone\n"
            "from zhengxin import journey; from zhengxin.kernel.actor import Actor\n"
            "register = settings.BASE_DIR / 'registers' / 'example.yaml'\n"
            "journey.open_county(register=register, at=timezone.now(), actor=Actor.system('试'))\n"
            "answer = None"
        )
        home.ask(code)
        path = licence_file(
            tmp_path / "大文件.csv",
            ROWS,
            unit_name="示例县市场监督管理局",
            unit_code="11990121310031515F",
            until=date(2026, 11, 20),
        )
        moments = Random(11)
        killed = sum(admit_and_kill(home, path, moments.uniform(0.0, 3.0)) for _ in range(4))
        assert killed, "the file went through before it could be killed"
        home.run("worker", "--once")
        found = home.ask(COUNT)
        assert found["states"] == ["followed"]
        assert (found["entries"], found["payloads"], found["keys"]) == (ROWS, ROWS, ROWS)
        assert found["loose"] == 0
        assert json.loads(home.run("ledger", "verify", "--json"))["ok"]
