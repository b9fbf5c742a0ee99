"""The ledger on the command line: verify, prove, consistency, checkpoint."""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import click

from zhengxin.console.ready import at_shell, now, ready


@click.group()
def ledger() -> None:
    """登记簿：核验、证明、一致性、检查点。"""


@ledger.command()
@click.option("--payloads", is_flag=True, help="连内容一起解密核对。")
@click.option("--json", "as_json", is_flag=True)
def verify(payloads: bool, as_json: bool) -> None:
    """从每一条重新算出整棵树，与封存的根值和签名核对。"""
    ready()
    from zhengxin.ledger import queries

    report = queries.verify(payloads=payloads)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(report.as_text())
    if not report.ok:
        sys.exit(1)


def _hashes(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(h).decode() for h in hashes]


def _print(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


@ledger.command()
@click.argument("number", metavar="编号", type=click.IntRange(min=1))
def prove(number: int) -> None:
    """印出这个编号的记录的包含证明（JSON）。"""
    ready()
    from zhengxin.ledger import queries

    size = queries.size()
    position = queries.position(number)
    entry = queries.entry(number)
    _print(
        {
            "entry": number,
            "leaf_index": position,
            "tree_size": size,
            "leaf_hash": base64.b64encode(entry.leaf).decode(),
            "proof": _hashes(queries.inclusion_proof(position, size)),
            "root": base64.b64encode(queries.root(size)).decode(),
        }
    )


@ledger.command()
@click.argument(
    "old", metavar="旧检查点", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def consistency(old: Path) -> None:
    """证明今天的树是以前存下的检查点的延续。"""
    ready()
    from zhengxin.kernel import merkle
    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.ledger import queries

    saved = queries.read_checkpoint(old.read_text(encoding="utf-8"))
    size = queries.size()
    if saved.size > size:
        raise Refused(
            say("不是延续：以前的登记簿有{old}条，今天只有{new}条。", old=saved.size, new=size),
            say("登记簿被截短过。"),
            say("请保留这份检查点并报告信用办和监督单位。"),
        )
    proof = queries.consistency_proof(saved.size, size)
    root = queries.root(size)
    if not merkle.verify_consistency(saved.size, size, saved.root, root, proof):
        raise Refused(
            say("不是延续：以前的{old}条后来被改过。", old=saved.size),
            say("用今天的登记簿算不出当时的根值。"),
            say("请保留这份检查点并报告信用办和监督单位。"),
        )
    _print(
        {
            "old_size": saved.size,
            "old_root": base64.b64encode(saved.root).decode(),
            "size": size,
            "root": base64.b64encode(root).decode(),
            "proof": _hashes(proof),
            "consistent": True,
        }
    )


@ledger.command()
def checkpoint() -> None:
    """签署并印出今天的检查点；存下来，以后可以用 consistency 核对。"""
    ready()
    from zhengxin import journey

    click.echo(journey.sign_checkpoint(at=now(), actor=at_shell()), nl=False)


@ledger.command("verifier-key")
def verifier_key() -> None:
    """印出核验签名用的公钥。"""
    ready()
    from zhengxin.ledger import queries

    click.echo(queries.verifier_key())
