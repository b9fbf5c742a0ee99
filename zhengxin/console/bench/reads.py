"""How long the server takes for a page when the register is full."""

import time
from collections.abc import Callable

from zhengxin.console.bench.generate import SUBJECTS, company
from zhengxin.console.bench.report import Report, percentile

WARM = 10
TIMED = 100
LIMIT_MS = 50


def read_pages(report: Report, unit_id: int) -> None:
    """Fills the board, then times the pages of the issue in this process, warm."""
    from django.test import Client
    from django.utils import timezone

    from zhengxin import journey
    from zhengxin.console.ready import now
    from zhengxin.kernel.actor import Actor
    from zhengxin.publication.board import queries as board

    started = time.perf_counter()
    published = journey.publish_due(at=now(), actor=Actor.system("bench"))
    took = time.perf_counter() - started
    report.notes.append(f"公示：{published.shown:,}条上栏，{took:.0f} 秒。")
    ids = [item.brief.entry_id for item in board.items(timezone.localdate(now()), limit=TIMED)]
    there = board.entries_total()
    client = Client(headers={"host": "127.0.0.1"})
    rare = company(SUBJECTS - 1)[0]
    pages: dict[str, Callable[[int], str]] = {
        "单位页": lambda n: f"/units/{unit_id}/",
        "记录页": lambda n: f"/entries/{ids[n % len(ids)]}/",
        "记录证明": lambda n: f"/entries/{ids[n % len(ids)]}/proof.json",
        "搜索两字，最常见": lambda n: "/search/?q=示例",
        "搜索四字，最常见": lambda n: "/search/?q=有限公司",
        "搜索两字，少见": lambda n: f"/search/?q={n % 90 + 10}号",
        "搜索全名，最少见": lambda n: f"/search/?q={rare}",
        "搜索文书号": lambda n: f"/search/?q=示市监罚〔2026〕1{n:07d}号",
    }
    for name, address in pages.items():
        spent: list[float] = []
        for number in range(WARM + TIMED):
            begun = time.perf_counter()
            response = client.get(address(number))
            b"".join(response) if response.streaming else response.content
            if number >= WARM:
                spent.append((time.perf_counter() - begun) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{address(number)}: {response.status_code}")
        p95 = percentile(spent, 0.95)
        report.add(
            f"{name}（栏上{there:,}条时，服务器内）",
            f"p95 ≤ {LIMIT_MS} 毫秒",
            f"p50 {percentile(spent, 0.5):.1f}，p95 {p95:.1f} 毫秒",
            p95 <= LIMIT_MS,
        )
