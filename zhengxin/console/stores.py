"""Tables of the three stores."""

import click

from zhengxin.console.ready import ready


@click.command()
def migrate() -> None:
    """建立或更新三个库的表。"""
    ready()
    click.echo("三个库都已是最新。")
