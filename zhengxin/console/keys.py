"""The keys on the command line: how they are kept, rotation, custody in shares."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhengxin.console.ready import now, ready
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say

if TYPE_CHECKING:
    from zhengxin.ledger.vault.shares import Share

_ACTOR = Actor.system("命令行")
# Typed by hand, hidden: a slip is asked for again.
_TRIES = 5


@click.group()
def keys() -> None:
    """密钥：状态、轮换、分片保管。"""


@keys.command()
def status() -> None:
    """密钥怎样保管，各期密钥和检查点公钥。"""
    ready()
    from django.utils import timezone

    from zhengxin.ledger import queries
    from zhengxin.ledger.vault import queries as vault

    found = vault.status()
    assert found is not None
    click.echo(say("主密钥：{keeper}", keeper=found.keeper))
    click.echo(
        say(
            "各密钥由“{by}”包裹，自{day}起。",
            by=found.wrapped_by,
            day=timezone.localdate(found.wrapped_at),
        )
    )
    for epoch in found.epochs:
        line = say(
            "第{n}期：{day}开启，包裹{wrapping}，内容{content}，条目密钥{count:,}个。",
            n=epoch.number,
            day=timezone.localdate(epoch.opened_at),
            wrapping=epoch.wrapping_suite,
            content=epoch.content_suite,
            count=epoch.secrets,
        )
        click.echo(line if epoch.held else line + say("包裹密钥已销毁。"))
    if found.bare:
        click.echo(say("还有{n:,}个条目密钥没有包裹：请运行 zhengxin keys rewrap。", n=found.bare))
    for line, signer in queries.verifier_keys():
        since = timezone.localdate(signer.from_at) if signer.from_at else say("账本建立")
        until = timezone.localdate(signer.until_at) if signer.until_at else say("今")
        click.echo(
            say("检查点公钥（{since}至{until}）：{line}", since=since, until=until, line=line)
        )
    click.echo(
        say(
            "证号摘要密钥不能轮换：换了它，账本中已有的摘要都要重算，而账本不可更改。"
            "它和其他密钥一样由主密钥包裹，轮换主密钥时一并重新包裹。"
        )
    )


@keys.command("rotate-master")
@click.option(
    "--to",
    metavar="保管方式",
    help="换一种保管方式，如 file:/路径、environment:变量名、command:程序。",
)
def rotate_master(to: str | None) -> None:
    """换主密钥：只重新包裹少数几个密钥，不动任何条目。"""
    ready()
    from zhengxin import journey

    done = journey.rotate_master_key(to=to, at=now(), actor=_ACTOR)
    click.echo(say("主密钥已轮换，{n}个密钥重新包裹并逐个核对。", n=done.keys))
    click.echo(say("原来：{before}", before=done.before))
    click.echo(say("现在：{after}", after=done.after))
    if to:
        click.echo(
            say(
                "请把 ZHENGXIN_KEY_PROVIDER 设为“{to}”并重启服务；原来的主密钥已经无用，可以销毁。",
                to=to,
            )
        )
    click.echo(say("原有分片作废：请重新运行 zhengxin keys split，并另做一次备份。"))


@keys.command("rotate-epoch")
def rotate_epoch() -> None:
    """开启新一期密钥：新条目用新密钥，旧条目照常可读。"""
    ready()
    from zhengxin import journey

    number = journey.rotate_epoch(at=now(), actor=_ACTOR)
    click.echo(say("已开启第{n}期密钥。要让旧条目也改用它，运行 zhengxin keys rewrap。", n=number))


@keys.command()
def rewrap() -> None:
    """把各条目的密钥改由最新一期包裹，然后销毁以前各期的包裹密钥；中断后再运行会接着办。"""
    ready()
    from zhengxin import journey

    def told(done: int) -> None:
        click.echo(say("已重新包裹{n:,}个", n=done), err=True)

    number = journey.rewrap_secrets(progress=told, at=now(), actor=_ACTOR)
    click.echo(
        say("完成：本次重新包裹{n:,}个，以前各期的包裹密钥已销毁。内容和账本没有改动。", n=number)
    )


@keys.command("rotate-signing")
def rotate_signing() -> None:
    """换检查点签名密钥：新旧密钥共同签署一次，旧公钥留存备查。"""
    ready()
    from zhengxin import journey

    line = journey.rotate_signing_key(at=now(), actor=_ACTOR)
    click.echo(say("检查点签名密钥已轮换。新公钥：{line}", line=line))
    click.echo(
        say(
            "旧密钥签的换钥公告会随镜像和邮件送出。请把新公钥写进盖章的公告送给各见证人，请他们运行 witness.py rekey；"
            "zhengxin keys status 列出历次公钥和起止日期。"
        )
    )


@keys.command()
@click.option("--total", type=click.IntRange(2, 9), default=2, show_default=True, help="共几份。")
@click.option(
    "--needed", type=click.IntRange(2, 9), default=2, show_default=True, help="几份可以合成。"
)
@click.option(
    "--sheets", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path),
    help="每份写成一页可打印的网页（带二维码），放进这个文件夹；不写则印在屏幕上。",
)  # fmt: skip
def split(total: int, needed: int, sheets: Path | None) -> None:
    """把主密钥拆成分片，交不同的人保管。"""
    if needed > total:
        raise click.UsageError(say("--needed 不能大于 --total。"))
    ready()
    from zhengxin import journey
    from zhengxin.ledger.vault.shares import written
    from zhengxin.ledger.vault.sheets import sheet

    shares, mark = journey.split_master_key(needed=needed, total=total, at=now(), actor=_ACTOR)
    click.echo(
        say("主密钥指纹{mark}，共{total}份，任意{n}份可以合成。", mark=mark, total=total, n=needed)
    )
    for share in shares:
        if sheets is None:
            click.echo(say("分片{n}：{text}", n=share.number, text=written(share)))
            continue
        sheets.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = sheets / f"share-{share.number}.html"
        path.unlink(missing_ok=True)
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(place, "w", encoding="utf-8") as stream:
            stream.write(sheet(share, total=total, fingerprint=mark))
        click.echo(say("分片{n}：{path}", n=share.number, path=path))
    if sheets is not None:
        click.echo(say("请分别打印，由本人取走，然后删除这些文件。"))
    click.echo(say("请立即由保管人运行 zhengxin keys combine --check 核对一遍。"))


@keys.command()
@click.option("--check", "only_check", is_flag=True, help="只核对，不写文件。")
@click.option(
    "--remove-file", is_flag=True, help="核对后删除硬盘上的主密钥文件，今后用 keys unlock 启动。"
)
def combine(only_check: bool, remove_file: bool) -> None:
    """由保管人依次输入分片，合成主密钥，核对后写回密钥文件。"""
    if only_check and remove_file:
        raise click.UsageError(say("--check 和 --remove-file 只能用一个。"))
    ready(keyless=True)
    from zhengxin import journey
    from zhengxin.ledger.vault.providers import fingerprint

    shares = typed_shares()
    if remove_file:
        path = journey.take_master_key_off_disk(shares=shares, at=now(), actor=_ACTOR)
        click.echo(say("分片核对无误，主密钥文件{path}已删除。", path=path))
        click.echo(say("今后启动：zhengxin keys unlock serve"))
    elif only_check:
        key = journey.try_shares(shares=shares, at=now(), actor=_ACTOR)
        click.echo(say("分片核对无误，主密钥指纹{mark}。没有写入文件。", mark=fingerprint(key)))
    else:
        path = journey.restore_master_key(shares=shares, at=now(), actor=_ACTOR)
        click.echo(say("分片核对无误，主密钥已写入{path}。", path=path))


@keys.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", metavar="命令…", nargs=-1, required=True, type=click.UNPROCESSED)
def unlock(command: tuple[str, ...]) -> None:
    """由保管人输入分片后运行一个命令（如 serve）；主密钥只在内存中，不落硬盘。"""
    ready(keyless=True)
    from zhengxin import journey

    key = journey.try_shares(shares=typed_shares(), at=now(), actor=_ACTOR)
    place = os.memfd_create("zhengxin-master", 0)
    os.fchmod(place, 0o600)
    os.write(place, key.hex().encode())
    # Kept open across exec; children of the command find it under our own number while we live.
    environment = {**os.environ, "ZHENGXIN_KEY_PROVIDER": f"file:/proc/{os.getpid()}/fd/{place}"}
    click.echo(say("分片核对无误，开始运行。"))
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "zhengxin", *command], environment)


def typed_shares() -> "list[Share]":
    """Shares as their custodians type them, hidden, one after the other, until there are enough."""
    shares = [_typed_one(1)]
    while len(shares) < shares[0].needed:
        shares.append(_typed_one(len(shares) + 1))
    return shares


def _typed_one(number: int) -> "Share":
    from zhengxin.ledger.vault.shares import ShareWrong, read

    for left in range(_TRIES, 0, -1):
        text = click.prompt(say("第{n}位保管人输入分片（不显示）", n=number), hide_input=True)
        try:
            return read(text)
        except ShareWrong as wrong:
            if left == 1:
                raise
            click.echo(str(wrong), err=True)
    raise AssertionError
