"""`zhengxin bench load`: mixed traffic from a second process against the served county, full of entries."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from zhengxin.console.bench import generate
from zhengxin.console.bench.intake import admitting_command
from zhengxin.console.bench.memory import sampled_memory
from zhengxin.console.bench.report import Report, percentile
from zhengxin.console.bench.stores import open_example, own_home

ACCOUNT = "shichang"
PAGES = 200
# The first part warms caches up: memory is compared after it.
WARM = 0.25
GROWTH = 1.1
START = 60

Say = Callable[[str], None]


def run(*, rows: int, seconds: int, clients: int, say: Say) -> Report:
    """Fills a county, serves it, sends the visitors; the temporary home is removed at the end."""
    report = Report()
    folder = own_home()
    try:
        _run(report, folder, rows, seconds, clients, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _run(report: Report, folder: Path, rows: int, seconds: int, clients: int, say: Say) -> None:
    unit_id, unit = open_example()
    account = _open_accounts()
    say(f"入账并公示{rows:,}行")
    big = folder / "big.csv"
    generate.write_csv(big, rows, seed=1, today=date.today(), unit=unit)
    subprocess.run(admitting_command(big), stdout=subprocess.DEVNULL, check=True)
    job = _job(unit_id, unit, account) | {"seconds": seconds, "clients": clients}
    with _served() as (address, server):
        say(f"{clients}个访客，{seconds}秒")
        with sampled_memory(server) as samples:
            found = subprocess.run(
                [sys.executable, "-m", "zhengxin.console.bench.traffic"],
                input=json.dumps({**job, "address": address}),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
    _report(report, json.loads(found.stdout), samples, rows)


def _open_accounts() -> dict[str, str]:
    """The invented accounts; user name and password of the clerk who submits."""
    from django.conf import settings

    from zhengxin import journey
    from zhengxin.accounts.queries import invented_accounts
    from zhengxin.console.ready import county_day, now
    from zhengxin.kernel.actor import Actor

    at = now()
    journey.open_invented_accounts(
        register=settings.BASE_DIR / "registers" / "example.yaml",
        from_on=county_day(at),
        at=at,
        actor=Actor.system("bench"),
    )
    [clerk] = [each for each in invented_accounts(at) if each.username == ACCOUNT]
    return {"username": clerk.username, "password": clerk.password}


def _job(unit_id: int, unit: tuple[str, str], account: dict[str, str]) -> dict[str, Any]:
    from django.utils import timezone

    from zhengxin.publication.board import queries as board

    today = timezone.localdate()
    ids = [item.brief.entry_id for item in board.items(today, limit=PAGES)]
    return {
        "account": account,
        "unit": unit,
        "today": today.isoformat(),
        "pages": [
            "/",
            "/units/",
            f"/units/{unit_id}/",
            "/items/",
            *(f"/entries/{n}/" for n in ids),
        ],
        "searches": [
            f"/search/?q={q}" for q in ("示例", "有限公司", "东河", "17号", "示例东河食品20号")
        ],
        "proofs": [f"/entries/{n}/proof.json" for n in ids],
        "desk": [
            "/desk/",
            "/desk/submissions/",
            "/desk/files/?q=示例",
            "/desk/quality/",
            "/desk/submissions/1/",
        ],
    }


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """Address and process id of the whole program, served as `zhengxin serve` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "zhengxin", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        begun = time.monotonic()
        while True:
            try:
                urllib.request.urlopen(address, timeout=10).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() - begun > START:
                    raise
                time.sleep(0.2)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _report(
    report: Report, found: dict[str, Any], samples: list[tuple[float, int]], rows: int
) -> None:
    whole = [ms for spent in found["spent"].values() for ms in spent]
    report.notes.append(
        f"{rows:,}条记录，{found['seconds']:.0f} 秒，{len(whole):,}次请求，"
        f"每秒{len(whole) / found['seconds']:.1f}次。"
    )
    for kind, spent in found["spent"].items():
        p50, p95, p99 = (percentile(spent, share) for share in (0.5, 0.95, 0.99))
        report.notes.append(
            f"- {kind}：{len(spent):,}次，p50 {p50:.0f}，p95 {p95:.0f}，p99 {p99:.0f} 毫秒。"
        )
    errors = found["errors"]
    report.add("出错的请求", "0", str(len(errors)), not errors)
    report.notes += [f"- 出错：{error}" for error in errors[:20]]
    warm = samples[int(len(samples) * WARM) :]
    third = max(1, len(warm) // 3)
    before = sum(size for _, size in warm[:third]) / third
    after = sum(size for _, size in warm[-third:]) / third
    report.add(
        "服务器全部进程的内存，末段对预热后的首段",
        f"≤ {GROWTH}倍",
        f"{after / before:.2f}倍（{before / 1e6:.0f} 到 {after / 1e6:.0f} MB）",
        after <= GROWTH * before,
    )
