"""Benches on the command line."""

import json

import click


@click.group()
def bench() -> None:
    """与同类工具同场计时；结果只印出来，不当作测试。"""


@bench.command()
@click.option("--rows", default=1_000_000, show_default=True, help="生成多少行。")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 印出结果。")
def intake(rows: int, as_json: bool) -> None:
    """生成一份大文件，量检查、入账、内存、并发追加、工作簿和页面。"""
    from zhengxin.console.bench.intake import run

    report = run(rows=rows, say=lambda text: click.echo(text, err=True))
    click.echo(
        json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else report.as_text()
    )
