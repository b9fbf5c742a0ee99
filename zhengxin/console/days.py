"""Working days on the command line."""

from datetime import date

import click

from zhengxin.rulebook import queries as rulebook


@click.command()
@click.argument("start", metavar="日期", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("days", metavar="天数", type=click.IntRange(min=0))
def workdays(start: click.DateTime, days: int) -> None:
    """从一天的次日起数若干个工作日，印出到期日。"""
    day: date = start.date()  # type: ignore[attr-defined]  # click hands a datetime over
    click.echo(rulebook.calendar().add_working_days(day, days).isoformat())
