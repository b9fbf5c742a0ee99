"""Witnesses on the command line, and the program that a witness runs on a machine of its own."""

import sys
from pathlib import Path

import click

from zhengxin.console.ready import now, ready
from zhengxin.witnesses.types import Seen, Sent


@click.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", metavar="[参数]", nargs=-1, type=click.UNPROCESSED)
def witness(arguments: tuple[str, ...]) -> None:
    """见证程序：核对登记簿的检查点并签名。可以单独拷到别的电脑上用。"""
    from zhengxin.witness import main

    sys.exit(main(arguments))


@click.group()
def witnesses() -> None:
    """见证人：送检查点、收见证、看谁见过到第几条。"""


@witnesses.command()
def status() -> None:
    """每个见证人见过到第几条、什么时候，送信是否顺利。"""
    ready()
    from zhengxin.witnesses import queries

    found = queries.seen()
    if not found:
        click.echo("还没有登记见证人。写法见“见证人”说明（docs/how-to/witnesses.md）。")
    for each in found:
        click.echo(_told(each))


@witnesses.command()
def send() -> None:
    """签今天的检查点，现在就送给全部见证人。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    sent = journey.send_checkpoints(at=now(), actor=Actor.system("命令行"))
    for each in sent:
        click.echo(_outcome(each))
    if not sent:
        click.echo("没有送：还没有登记见证人，或者登记簿还没有公布过。")
    if any(each.delivery != "sent" for each in sent):
        sys.exit(1)


@witnesses.command()
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def receive(file: Path) -> None:
    """收下见证人发回的文件（cosigned文件夹里的）。"""
    ready()
    from zhengxin import journey
    from zhengxin.kernel.actor import Actor

    note = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    new = journey.receive_cosigned(note=note, at=now(), actor=Actor.system("命令行"))
    click.echo(f"已收下，新的见证签名{new}个。" if new else "这些见证签名以前收过了。")


def _told(found: Seen) -> str:
    """One witness in two lines."""
    from django.utils import timezone

    from zhengxin.publication.board.queries import standing
    from zhengxin.publication.enums import Standing

    state = standing(found.signed_at, found.witness.silent_after, now())
    seen = "不知道见过多少条"
    if found.size is not None and found.signed_at is not None:
        seen = f"见过到第{found.size:,}条，{timezone.localtime(found.signed_at):%Y-%m-%d %H:%M}"
    lines = [f"{found.witness.office}（{found.witness.name}）：{Standing(state).label}，{seen}。"]
    if found.failed_at is not None:
        failed = f"{timezone.localtime(found.failed_at):%Y-%m-%d %H:%M}"
        lines.append(f"  {failed}没有送到：{found.failure}。一小时后自动再送。")
    elif found.sent_at is not None:
        lines.append(f"  最近送到：{timezone.localtime(found.sent_at):%Y-%m-%d %H:%M}。")
    else:
        lines.append("  还没有送过。")
    return "\n".join(lines)


def _outcome(sent: Sent) -> str:
    from zhengxin.witnesses.enums import Delivery

    said = f"：{sent.said}" if sent.said else ""
    signed = "，已收到见证签名" if sent.cosigned else ""
    return f"{sent.witness.office}：{Delivery(sent.delivery).label}{said}{signed}。"
