"""What is misconfigured and how to mend it. It mends nothing by itself."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import click

from zhengxin.config.logs import said
from zhengxin.console.ready import now, wake
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.operations.enums import Verdict
from zhengxin.operations.machine import machine_findings
from zhengxin.operations.types import Finding

PATIENCE = 5
ORDER = [Verdict.FAIL, Verdict.WARN, Verdict.OK]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="印出JSON，给监控程序读。")
def doctor(as_json: bool) -> None:
    """逐项检查：哪里没有设好，为什么要紧，怎样改。有一项不行，退出码就是1。"""
    found = sorted(_findings(), key=lambda each: ORDER.index(each.verdict))
    if as_json:
        click.echo(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(f"[{each.verdict.label}] {each.title}：{each.what}")
            if each.remedy:
                click.echo(f"       怎么办：{each.remedy}")
        counts = Counter(each.verdict for each in found)
        click.echo("，".join(f"{v.label}{counts[v]}项" for v in ORDER if counts[v]) + "。")
    if any(each.verdict is Verdict.FAIL for each in found):
        sys.exit(1)


def _findings() -> list[Finding]:
    """Everything that can be found out: first without the settings, then with them."""
    home = _home()
    found = machine_findings(home)
    if any(each.code == "home" and each.verdict is Verdict.FAIL for each in found):
        return found
    try:
        wake()
    # Whatever is wrong with the settings, the doctor says so instead of falling over it.
    except Exception as fault:
        return [*found, Finding(
            "settings", say("设置"), Verdict.FAIL, say("程序起不来（{kind}：{words}）。", kind=type(fault).__name__, words=fault if isinstance(fault, Refused) else said(str(fault))),
            say("请核对环境变量ZHENGXIN_HOME、DATABASE_URL、ZHENGXIN_LAW和keys文件夹的权限。"),
        )]  # fmt: skip
    from zhengxin.operations import queries

    return [*queries.findings(now(), reach=True), *_served(home)]


def _home() -> Path:
    """The home as the settings will find it, without making it."""
    default = Path(__file__).resolve().parents[2] / "var"
    return Path(os.environ.get("ZHENGXIN_HOME", default)).resolve()


def _served(home: Path) -> list[Finding]:
    """Whether the servers that were started from this home answer."""
    notes = sorted((home / "run").glob("serving*.json"))
    title = say("网站")
    if not notes:
        return [Finding(
            "served", title, Verdict.WARN, say("网站没有在运行。"), say("请运行zhengxin serve，或systemctl start zhengxin。")
        )]  # fmt: skip
    found = []
    for note in notes:
        place = json.loads(note.read_text())
        host = "127.0.0.1" if place["host"] in ("0.0.0.0", "::") else place["host"]
        address = f"http://[{host}]" if ":" in host else f"http://{host}"
        found.append(_answered(f"{address}:{place['port']}", title, str(place["host"])))
    return found


def _answered(address: str, title: str, host: str) -> Finding:
    try:
        # This machine's own server, never by way of a proxy.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}/healthz", timeout=PATIENCE) as answer:
            alive = answer.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        alive = False
    if not alive:
        return Finding(
            "served", title, Verdict.FAIL, say("{address}没有回答，它是从这里启动的。", address=address),
            say("请看日志（journalctl -u zhengxin），再重启：systemctl restart zhengxin。"),
        )  # fmt: skip
    if host not in ("127.0.0.1", "localhost", "::1"):
        return Finding(
            "served", title, Verdict.WARN, say("{address}不经过加密的反向代理也能从别的机器打开。", address=address),
            say("请用--host 127.0.0.1启动，或用防火墙只放行反向代理。"),
        )  # fmt: skip
    return Finding("served", title, Verdict.OK, say("{address}在回答。", address=address))
