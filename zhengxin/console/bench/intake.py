"""`zhengxin bench intake`: a file of a million rows from its arrival to its pages, beside the peers, in one run."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from zhengxin.console.bench import generate, peers
from zhengxin.console.bench.memory import sampled_memory
from zhengxin.console.bench.report import Report, percentile
from zhengxin.console.bench.stores import UNIT_NAME, open_example, own_home, write_bare

FRICTIONLESS_ROWS = 50_000
WORKBOOK_ROWS = 100_000
FIRST_ROWS = 10_000
APPENDS_A_SECOND = 8
# Seconds between two probes while the big file goes in.
PROBE = 0.1

Say = Callable[[str], None]


def run(*, rows: int, say: Say) -> Report:
    """Runs every part; the temporary home is removed at the end."""
    report = Report()
    folder = own_home()
    try:
        _run(report, folder, rows, say)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _run(report: Report, folder: Path, rows: int, say: Say) -> None:
    from zhengxin.console.bench.reads import read_pages

    unit_id, unit = open_example()
    today = date.today()
    big = folder / "big.csv"
    say(f"生成{rows:,}行")
    generate.write_csv(big, rows, seed=1, today=today, unit=unit)
    report.notes.append(f"文件：{rows:,}行30列，{big.stat().st_size / 1e6:.0f} MB，百分之一有错。")
    say("检查，与 frictionless、DuckDB 同场")
    _first_of_its_kind(report, folder, today, unit, unit_id)
    _checking(report, big, rows, unit_id)
    say("入账")
    seconds = _admitting(report, big, unit_id)
    say("同样的内容由裸驱动再写一遍")
    _beside_bare(report, folder, rows, seconds)
    say("两份文件同时入账，单条追加")
    _appending(report, folder, max(rows // 4, 1000), today, unit)
    say("十万行工作簿")
    _workbook(report, folder, min(WORKBOOK_ROWS, rows), today, unit, unit_id)
    say("公示与页面")
    read_pages(report, unit_id)


def _first_of_its_kind(
    report: Report, folder: Path, today: date, unit: tuple[str, str], unit_id: int
) -> None:
    """The statements of a layout are compiled when its first file comes, and kept: told apart."""
    spent = []
    for name, write in (("first.csv", generate.write_csv), ("first.xlsx", generate.write_xlsx)):
        write(folder / name, FIRST_ROWS, seed=9, today=today, unit=unit)
        spent.append(_seconds_to_receipt(folder / name, unit_id))
    report.notes.append(
        f"每种表的第一份文件要编译语句：{FIRST_ROWS:,}行的CSV用{spent[0]:.1f}秒，工作簿用{spent[1]:.1f}秒；"
        "以后的不再编译，上表是以后的。"
    )


def _checking(report: Report, big: Path, rows: int, unit_id: int) -> None:
    own = _seconds_to_receipt(big, unit_id)
    peer = peers.frictionless_rows_per_second(big, min(FRICTIONLESS_ROWS, rows))
    engine = peers.duckdb_seconds(big)
    times = rows / own / peer
    report.add(
        "检查（全部规则、全部问题）对 frictionless",
        "≥ 30倍",
        f"{times:.0f}倍（{rows / own:,.0f} 对 {peer:,.0f} 行/秒）",
        times >= 30,
    )
    report.add(
        "检查对 DuckDB 自己读CSV写Parquet",
        "不慢于",
        f"{own:.1f} 秒对 {engine:.1f} 秒",
        own <= engine,
    )


def _seconds_to_receipt(path: Path, unit_id: int) -> float:
    """From the stored bytes to the checking receipt; the submission is taken back afterwards."""
    from zhengxin.console.ready import now
    from zhengxin.intake import actions as intake
    from zhengxin.kernel.actor import Actor

    actor = Actor.system("bench")
    submission = intake.receive(
        upload=path, filename=path.name, source="penalties", unit_id=unit_id, at=now(), actor=actor
    )
    started = time.perf_counter()
    intake.check(submission_id=submission.id, at=now(), actor=actor)
    took = time.perf_counter() - started
    intake.withdraw(submission_id=submission.id, because="bench", at=now(), actor=actor)
    return took


def _admitting(report: Report, big: Path, unit_id: int) -> float:
    """The command admits in a process of its own; this one saves and reads beside it and takes the time of each."""
    from zhengxin import journey
    from zhengxin.audit.enums import Outcome
    from zhengxin.console.ready import now
    from zhengxin.kernel.actor import Actor, Role

    officer = Actor(None, "bench", None, frozenset({Role.CREDIT_OFFICER}))
    waits: list[float] = []
    started = time.perf_counter()
    # A file, not a pipe: nobody reads while the probes run.
    told = big.with_name("receipt.json")
    with told.open("w") as out:
        command = subprocess.Popen(admitting_command(big, "--no-publish", "--json"), stdout=out)
    with sampled_memory(command.pid) as samples:
        while command.poll() is None:
            begun = time.perf_counter()
            if len(waits) % 2:
                journey.open_file(subject_id=unit_id, purpose="bench", at=now(), actor=officer)
            else:
                journey.sign_in_recorded(
                    outcome=Outcome.DONE, username="bench", at=now(), actor=officer
                )
            waits.append(time.perf_counter() - begun)
            time.sleep(PROBE)
    took = time.perf_counter() - started
    receipt = json.loads(told.read_text())
    report.notes.append(
        f"入账：读{receipt['records']:,}，准入{receipt['admitted']:,}，待核{receipt['waiting']:,}，"
        f"退回{receipt['refused']:,}；{took:.1f} 秒，{receipt['admitted'] / took:,.0f} 行/秒。"
    )
    peak = max(size for _, size in samples)
    report.add(
        "内存峰值（入账命令及其子进程合计）", "< 1.5 GB", f"{peak / 1e9:.2f} GB", peak < 1.5e9
    )
    report.add(
        f"入账期间另一进程的保存和留痕查看（{len(waits)}次）",
        "每次 ≤ 1 秒",
        f"p50 {percentile(waits, 0.5):.3f}，p95 {percentile(waits, 0.95):.3f}，最长 {max(waits):.2f} 秒",
        max(waits) <= 1,
    )
    return took


def admitting_command(path: Path, *options: str) -> list[str]:
    """The command line that admits one file."""
    return [
        sys.executable, "-m", "zhengxin", "intake", str(path), "--source", "penalties", "--unit", UNIT_NAME,
        *options,
    ]  # fmt: skip


def _beside_bare(report: Report, folder: Path, rows: int, seconds: float) -> None:
    bare = write_bare(folder)
    report.add(
        "入账全程对裸驱动写同样的表、索引、密文",
        "≥ 0.7倍",
        f"{bare / seconds:.2f}倍（{rows / seconds:,.0f} 对 {rows / bare:,.0f} 行/秒）",
        bare / seconds >= 0.7,
    )


def _appending(report: Report, folder: Path, rows: int, today: date, unit: tuple[str, str]) -> None:
    """Grades and logged file readings, eight a second, timed from when each was due."""
    from zhengxin import journey
    from zhengxin.accounts.models import Post
    from zhengxin.accounts.queries import actor_for
    from zhengxin.console.ready import now
    from zhengxin.demo.signing import free_moment, signed_by
    from zhengxin.journey.showing import entry_sheet
    from zhengxin.kernel.actor import Role
    from zhengxin.publication import queries as publication

    [post] = Post.objects.filter(role=Role.CREDIT_OFFICER).select_related("account")
    officer = actor_for(post.account, today, post.pk)
    waiting = publication.waiting_for_grade(limit=500)
    admits = []
    for seed in (2, 3):
        path = folder / f"part{seed}.csv"
        generate.write_csv(path, rows, seed=seed, today=today, unit=unit)
        admits.append(
            subprocess.Popen(admitting_command(path, "--no-publish"), stdout=subprocess.DEVNULL)
        )
    latencies: list[float] = []
    begun = time.perf_counter()
    while any(admit.poll() is None for admit in admits):
        number = len(latencies)
        due = begun + number / APPENDS_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        row = waiting[number % len(waiting)]
        if number % 2:
            journey.open_file(subject_id=row.subject_id, purpose="bench", at=now(), actor=officer)
        else:
            # Signed as at the desk; the bench's clock runs ahead, because an app shows two codes a minute.
            at = free_moment(officer, now())
            journey.grade(
                entry_id=row.entry_id,
                grade="general",
                because="bench",
                signed=signed_by(officer, entry_sheet("grading", row.entry_id), at),
                at=at,
                actor=officer,
            )
        latencies.append(time.perf_counter() - due)
    p95 = percentile(latencies, 0.95)
    report.add(
        f"两份各{rows:,}行入账时的单条追加和留痕查看（{len(latencies)}次）",
        "p95 ≤ 1.5 秒",
        f"p50 {percentile(latencies, 0.5):.2f}，p95 {p95:.2f}，最长 {max(latencies):.2f} 秒",
        p95 <= 1.5,
    )


def _workbook(
    report: Report, folder: Path, rows: int, today: date, unit: tuple[str, str], unit_id: int
) -> None:
    path = folder / "big.xlsx"
    generate.write_xlsx(path, rows, seed=4, today=today - timedelta(days=1), unit=unit)
    reading = peers.calamine_seconds(path)
    own = _seconds_to_receipt(path, unit_id)
    report.add(
        f"{rows:,}行工作簿到检查回执",
        "≤ python-calamine 只读的2倍",
        f"{own / reading:.2f}倍（{own:.1f} 秒对 {reading:.1f} 秒）",
        own <= 2 * reading,
    )
