"""Backups on the command line: made, read back, drilled."""

import json
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from zhengxin.config.homes import home
from zhengxin.console.ready import at_shell, now, ready, wake
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.safekeeping.homefiles import work_folder
from zhengxin.safekeeping.types import Restored

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
RESTORER = Actor.system("恢复备份")


class Default(click.Group):
    """A group whose first word may be left out: then it is `make`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Default)
def backup() -> None:
    """备份：zhengxin backup 文件夹；init 造私钥；drill 演练恢复。"""


def _halves(folder: Path | None, keys_folder: Path | None) -> tuple[Path, Path]:
    """Where data and keys lie: as given, else as backup.yaml says."""
    from zhengxin.safekeeping.configured import read_rules

    rules = read_rules(home())
    folder = folder or rules.folder
    if folder is None:
        raise Refused(
            say("没有办理：没有说备份放在哪里。"),
            "",
            say("请写 zhengxin backup 文件夹，或在backup.yaml里写folder。"),
        )
    keys_folder = keys_folder or rules.keys_folder
    return folder / "data", keys_folder / "keys" if keys_folder else folder / "keys"


@backup.command()
@click.argument("folder", metavar="[文件夹]", required=False, type=_FOLDER)
@click.option("--keys", "keys_folder", type=_FOLDER, help="密钥备份放在另一个文件夹（另一块盘）。")
@click.option(
    "--recipient", "recipients", multiple=True, help="加密给这个公钥（age1…），可以写几个。"
)
def make(folder: Path | None, keys_folder: Path | None, recipients: tuple[str, ...]) -> None:
    """现在备份一次；网站和办理照常进行。"""
    data, keys = _halves(folder, keys_folder)
    ready()
    from zhengxin import journey

    made = journey.back_up(
        folder=data, keys_folder=keys, recipients=recipients, at=now(), actor=at_shell()
    )
    found = made.manifest
    click.echo(
        say(
            "已备份：{run}，登记簿{size:,}条，根值{root}。",
            run=found.run, size=found.size, root=found.root[:16],
        )
    )  # fmt: skip
    click.echo(say("数据：{path}（{n:,}字节）", path=made.data, n=found.data.size))
    click.echo(say("密钥：{path}（{n:,}字节）", path=made.keys, n=found.keys.size))
    click.echo(say("主密钥不在备份里。"))
    if keys_folder is None and data.parent == keys.parent:
        click.echo(say("数据和密钥放在同一处：请用--keys把密钥放到另一块盘上。"), err=True)
    if made.removed:
        click.echo(say("按保留规则删去{n}份旧的。", n=made.removed))


@backup.command()
@click.option("--identity", required=True, type=_FILE, help="私钥写到这个文件，由您带走。")
def init(identity: Path) -> None:
    """造一对备份密钥：公钥记入backup.yaml，私钥只写到您指定的文件，服务器上不留。"""
    from pyrage import x25519

    from zhengxin.safekeeping.configured import add_recipient

    if home() in identity.resolve().parents:
        raise Refused(
            say("没有办理：私钥不能放在数据文件夹里。"),
            say("拿到服务器的人就能打开所有备份。"),
            say("请写到U盘上，如 /media/usb/beifen.key。"),
        )
    made = x25519.Identity.generate()
    public = str(made.to_public())
    try:
        place = os.open(identity, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(
            say("没有办理：{path}写不进去（{kind}）。", path=identity, kind=type(error).__name__),
            say("文件已经存在，或者没有权限。"),
            say("请换一个文件名。"),
        ) from None
    with os.fdopen(place, "w") as stream:
        stream.write(f"# public key: {public}\n{made}\n")
        stream.flush()
        os.fsync(stream.fileno())
    path = add_recipient(home(), public)
    click.echo(say("公钥：{public}，已记入{path}。", public=public, path=path))
    click.echo(
        say("私钥在{path}：请另抄一份，两份分开收好。没有它，任何备份都打不开。", path=identity)
    )


@backup.command()
@click.argument("folder", metavar="[文件夹]", required=False, type=_FOLDER)
@click.option("--identity", required=True, type=_FILE, help="备份私钥的文件。")
@click.option("--keys", "keys_folder", type=_FOLDER, help="密钥备份所在的文件夹。")
@click.option("--run", help="演练哪一次，默认最新的。")
@click.option("--scratch", type=_FOLDER, help="在哪个文件夹里演练，默认数据文件夹。")
def drill(
    folder: Path | None,
    identity: Path,
    keys_folder: Path | None,
    run: str | None,
    scratch: Path | None,
) -> None:
    """演练：把最新的备份恢复到临时的地方，核验，出具证书，再删去。"""
    data, keys = _halves(folder, keys_folder)
    ready()
    from zhengxin import journey
    from zhengxin.safekeeping import certificates
    from zhengxin.safekeeping.drilling import drill as run_drill

    at = now()
    done = run_drill(
        data=data, keys=keys, run=run, identity=identity, erasures=None, home=home(),
        scratch=scratch or work_folder(home()), environment=os.environ,
    )  # fmt: skip
    ok = not done.restored.problems
    journey.note_drill(
        manifest=done.manifest,
        ok=ok,
        told={"seconds": round(done.seconds)},
        at=at,
        actor=at_shell(),
    )
    text, page = certificates.write(home(), done, at)
    click.echo(text)
    click.echo(say("可打印的证书：{path}", path=page))
    if not ok:
        sys.exit(1)


@click.command()
@click.argument("folder", metavar="文件夹", type=_FOLDER)
@click.option("--identity", required=True, type=_FILE, help="备份私钥的文件。")
@click.option("--keys", "keys_folder", type=_FOLDER, help="密钥备份所在的文件夹。")
@click.option("--run", help="恢复哪一次，默认最新的。")
@click.option("--into", type=_FOLDER, help="恢复到哪个空文件夹，默认ZHENGXIN_HOME。")
@click.option(
    "--master-key", type=_FILE, help="主密钥文件；不写就用恢复到的文件夹里的keys/master.key。"
)
@click.option("--shares", is_flag=True, help="由保管人输入分片合成主密钥。")
@click.option("--erasures", type=_FILE, help="另一份抹去记录（erasures.jsonl）。")
@click.option("--even-so", is_flag=True, help="核验有不符也恢复进来。")
def restore(
    folder: Path, identity: Path, keys_folder: Path | None, run: str | None, into: Path | None,
    master_key: Path | None, shares: bool, erasures: Path | None, even_so: bool,
) -> None:  # fmt: skip
    """从备份恢复到空的文件夹：核对、重新抹去、核验，逐项说明。"""
    from zhengxin.safekeeping.restoring import restore as bring_back

    target = (into or home()).resolve()
    data = folder / "data"
    restored = bring_back(
        data=data,
        keys=(keys_folder or folder) / "keys",
        run=run,
        identity=identity,
        erasures=erasures,
        home=target,
        master_key=_master_key(master_key, shares),
        even_so=even_so,
        environment=os.environ,
    )
    for line in told(restored):
        click.echo(line)
    if restored.problems:
        moved = (
            say("虽有不符，仍已恢复到{home}。", home=target)
            if even_so
            else say("没有恢复；要恢复进来查看，加--even-so。")
        )
        click.echo(moved, err=True)
        sys.exit(1)
    click.echo(say("已恢复到{home}。请运行zhengxin doctor，再启动网站。", home=target))


def told(restored: Restored) -> list[str]:
    """What a restored home says of itself, a line each."""
    made = restored.made_at.astimezone(ZoneInfo("Asia/Shanghai"))
    lines = [
        say("备份{run}，{at:%Y-%m-%d %H:%M}。", run=restored.run, at=made),
        say("登记簿{n:,}条，根值{root}。", n=restored.size, root=restored.root),
        say("内容能解密核对的{n:,}条。", n=restored.contents),
        say("备份以后抹去、已再抹去的{n:,}条。", n=restored.erased),
        say(
            "各类：{kinds}。",
            kinds="，".join(f"{kind} {n:,}" for kind, n in restored.kinds.items()),
        ),
    ]
    if restored.unknown:
        lines.append(say("抹去记录中有{n}条不在这份备份里（备份以后才有的）。", n=restored.unknown))
    if restored.problems:
        return [*lines, say("不符{n}处：", n=len(restored.problems)), *restored.problems]
    return [*lines, say("登记簿核验无误，各项总数与备份时相符。")]


def _master_key(path: Path | None, shares: bool) -> bytes | None:
    if path is not None:
        try:
            return path.read_bytes()
        except OSError:
            raise Refused(say("没有恢复：读不到主密钥文件{path}。", path=path)) from None
    if shares:
        from zhengxin.console.keys import typed_shares
        from zhengxin.ledger.vault.shares import combine

        return (combine(typed_shares()).hex() + "\n").encode()
    return None


@click.command("settle-restored", hidden=True)
@click.argument("place", metavar="文件夹", type=_FOLDER)
@click.option("--undo", is_flag=True)
def settle_restored(place: Path, undo: bool) -> None:
    """恢复的后半步，由restore自己调用。"""
    wake()
    from zhengxin.config.schemas import ensure_schemas
    from zhengxin.safekeeping import engines

    ensure_schemas()
    if undo:
        engines.unload()
        return
    from zhengxin import journey

    restored = journey.settle_restored(place=place, at=now(), actor=RESTORER)
    click.echo(json.dumps(restored.as_json(), ensure_ascii=False))
