"""The daily step and rebuilding."""

import click

from zhengxin.console.ready import at_shell, now, ready
from zhengxin.publication.types import Published


def _told(published: Published) -> str:
    """What one run did, in one sentence."""
    told = f"公示{published.shown:,}条，终止{published.ended:,}条。"
    if published.leaks:
        told += f"有{len(published.leaks)}条因公开字段中有个人的号码或姓名没有公示。"
    return told


@click.command("publish-due")
def publish_due() -> None:
    """到期的公示出现，期满的终止。每天运行，随时运行都无妨。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    published_at, actor = now(), Actor.system("定时公示")
    published = journey.publish_due(at=published_at, actor=actor)
    n = journey.write_downloads(at=published_at, actor=actor)
    journey.write_mirror(at=published_at, actor=actor)
    click.echo(_told(published) + f"下载文件{n}个和镜像已更新。")


@click.command()
@click.argument("name", metavar="[档案]", default="all")
def rebuild(name: str) -> None:
    """从登记簿重建档案：archive、duties、publication、board 或 all。"""
    ready()
    from zhengxin import journey

    actor = at_shell()
    folded = journey.rebuild(name=name, at=now(), actor=actor)
    published = journey.publish_due(at=now(), actor=actor)
    journey.write_mirror(at=now(), actor=actor)
    click.echo(f"已从登记簿重建，共{folded:,}条。{_told(published)}")
