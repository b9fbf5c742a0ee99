"""Starting a county: the invented one with its year, or a real one blank."""

import re
from collections import Counter

import click

from zhengxin.console.people import site, tell_first_link
from zhengxin.console.ready import at_shell, now, ready
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say


class AnotherCounty(Refused):
    """One home holds one county, invented or real, never both."""


def _insist_on_home(*, invented: bool) -> None:
    from zhengxin.publication.board import queries as board

    here = board.county()
    if not here.name or here.invented == invented:
        return
    if here.invented:
        raise AnotherCounty(
            say("没有建立：这个文件夹里已有虚构的{name}。", name=here.name),
            say("真实的县和虚构的县不能放在一起。"),
            say("请用环境变量 ZHENGXIN_HOME 指定另一个文件夹。"),
        )
    raise AnotherCounty(
        say("没有建立：这个文件夹里已有{name}。", name=here.name),
        say("虚构的记录不能进入真实的县。"),
        say("请用环境变量 ZHENGXIN_HOME 指定另一个文件夹。"),
    )


@click.command()
@click.option("--no-serve", is_flag=True, help="只建成示例县，不启动网站。")
@click.option(
    "--scale", default=1.0, show_default=True, help="记录的多少：1约四千条，0.1约四百条。"
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_context
def demo(context: click.Context, no_serve: bool, scale: float, host: str, port: int) -> None:
    """建成虚构的示例县并启动网站；重复运行没有害处。"""
    ready()
    from zhengxin.console.serving import PortTaken, insist_on_port, serve
    from zhengxin.console.work import at_work
    from zhengxin.demo.build import build

    _insist_on_home(invented=True)
    try:
        if not no_serve:
            insist_on_port(host, port)
    except PortTaken:
        if not at_work():
            raise
        click.echo(say("示例县已经在运行，没有再启动：http://{host}:{port}/", host=host, port=port))
        return
    build(at=now(), tell=click.echo, scale=scale)
    if not no_serve:
        context.invoke(serve, host=host, port=port)


@click.command()
@click.argument("name", metavar="县")
def init(name: str) -> None:
    """建立真实的县（如 taian）：只有单位，没有任何记录。"""
    ready()
    from django.conf import settings

    from zhengxin import journey
    from zhengxin.ledger import queries as ledger
    from zhengxin.subjects import queries as subjects

    register = settings.BASE_DIR / "registers" / f"{name}.yaml"
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name) or not register.is_file():
        known = sorted(path.stem for path in register.parent.glob("*.yaml"))
        raise Refused(
            say("没有名为“{name}”的县。", name=name),
            say("现有登记册：{known}。", known="、".join(known)),
            say("请核对名称；新的县写一份登记册放进 registers 文件夹。"),
        )
    if name == "example":
        raise Refused(say("示例县是虚构的，不用 init 建立。"), "", say("请运行 zhengxin demo。"))
    _insist_on_home(invented=False)
    county = journey.open_county(register=register, at=now(), actor=at_shell())
    units = subjects.units()
    kinds = Counter(unit.kind_label for unit in units if unit.closed_on is None)
    click.echo(f"{county.name}：单位{len(units)}个，本次新登记{county.new_units}个。")
    click.echo("其中：" + "，".join(f"{kind}{count}个" for kind, count in kinds.items()) + "。")
    for unit in units:
        if unit.closed_on is not None:
            click.echo(f"已撤销：{unit.name}（{unit.closed_on:%Y-%m-%d}）。")
    waiting = subjects.unconfirmed_successions()
    if waiting:
        click.echo(f"待确认的承接关系{len(waiting)}项，由信用办在工作台确认：")
    for unit, line in waiting:
        click.echo(f"  {unit.name} → {line.other_name or '承接单位不明'}（{line.basis}）")
    click.echo(
        say(
            "登记簿的名称定为“{name}”，永远不变；公钥：{line}",
            name=ledger.log_name(),
            line=ledger.verifier_key(),
        )
    )
    click.echo("没有任何记录。下一步运行 zhengxin serve 启动网站。")
    tell_first_link(site())
