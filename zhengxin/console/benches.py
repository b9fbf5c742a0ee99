"""Benches on the command line."""

import json
from pathlib import Path

import click

from zhengxin.console.bench.report import Report


@click.group()
def bench() -> None:
    """与同类工具同场计时；结果只印出来，不当作测试。"""


@bench.command()
@click.option("--rows", default=1_000_000, show_default=True, help="生成多少行。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def intake(rows: int, as_json: bool) -> None:
    """生成一份大文件，量检查、入账、内存、并发追加、工作簿和页面。"""
    from zhengxin.console.bench.intake import run

    _print(run(rows=rows, say=_say), as_json)


@bench.command()
@click.option("--rows", default=1_000_000, show_default=True, help="先入账多少行。")
@click.option("--seconds", default=300, show_default=True, help="访问多久。")
@click.option("--clients", default=4, show_default=True, help="同时几个访客。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def load(rows: int, seconds: int, clients: int, as_json: bool) -> None:
    """另一进程混合访问公开页、工作台并报送，量每秒请求、耗时、出错和内存。"""
    from zhengxin.console.bench.load import run

    _print(run(rows=rows, seconds=seconds, clients=clients, say=_say), as_json)


@bench.command()
@click.option("--duties", "count", default=1_000_000, show_default=True, help="多少项职责。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def duties(count: int, as_json: bool) -> None:
    """写入大量职责，量列表页面和每天拨钟的耗时。"""
    from zhengxin.console.bench.duties import run

    _print(run(duties=count, say=_say), as_json)


@bench.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="放方案和 truth.csv、truth_clauses.csv 的文件夹；不写时用检出目录旁的 shared/data/plans。",
)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def plans(data: Path | None, as_json: bool) -> None:
    """读一批工作方案，对照人工标注算任务和单位的查全、查准。"""
    from zhengxin.console.bench.plans import run

    _print(run(data), as_json)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _print(report: Report, as_json: bool) -> None:
    click.echo(
        json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else report.as_text()
    )
