"""Working days on the command line."""

from datetime import date

import click

from zhengxin.rulebook import queries as rulebook


@click.command()
@click.argument("start", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("days", type=click.IntRange(min=0))
def workdays(start: click.DateTime, days: int) -> None:
    """从 START 次日起数 DAYS 个工作日，印出到期日。"""
    day: date = start.date()  # type: ignore[attr-defined]  # click hands a datetime over
    click.echo(rulebook.calendar().add_working_days(day, days).isoformat())
