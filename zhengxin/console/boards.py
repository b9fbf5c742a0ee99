"""The daily step and rebuilding."""

import click

from zhengxin.console.ready import now, ready


@click.command("publish-due")
def publish_due() -> None:
    """到期的公示出现，期满的终止。每天运行，随时运行都无妨。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    published = journey.publish_due(at=now(), actor=Actor.system("定时公示"))
    click.echo(published.as_text())


@click.command()
@click.argument("name", default="all")
def rebuild(name: str) -> None:
    """从登记簿重建档案：archive、duties、publication、board 或 all。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    actor = Actor.system("重建")
    folded = journey.rebuild(name=name, at=now(), actor=actor)
    published = journey.publish_due(at=now(), actor=actor)
    click.echo(f"已从登记簿重建，共{folded:,}条。{published.as_text()}")


publish_due.name = "publish-due"
