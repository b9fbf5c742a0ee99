"""The certificate of a drill: for the file and the auditor, as text with the ledger's signature and as a page to print."""

import html
import os
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from zhengxin.kernel.say import say
from zhengxin.ledger.keys import log_name, signing_key
from zhengxin.ledger.notes import sign
from zhengxin.safekeeping.drilling import Drilled

FOLDER = "drills"
_STYLE = (
    "body{font:16px/1.7 serif;max-width:44em;margin:3em auto;color:#111}h1{text-align:center;font-size:1.6em}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8em;border-top:1px solid #999;padding-top:1em}"
    "td,th{padding:.3em 1em .3em 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{white-space:nowrap}.sign{margin-top:4em}"
)


def write(home: Path, done: Drilled, at: datetime) -> tuple[str, Path]:
    """Stores the certificate in the home as text (signed) and page; returns the text and the page's path."""
    rows = _rows(done, at)
    text = "".join(f"{name}：{value}\n" for name, value in rows)
    note = sign(f"zhengxin/drill/v1\n{_title(done)}\n{text}", log_name(), signing_key())
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    stem = f"{timezone.localtime(at):%Y%m%d-%H%M%S}-{done.manifest.run}"
    _put(folder / f"{stem}.txt", note)
    page = folder / f"{stem}.html"
    _put(page, _page(done, rows, note))
    return note, page


def _title(done: Drilled) -> str:
    return (
        say("备份恢复演练证书") if not done.restored.problems else say("备份恢复演练记录（未通过）")
    )


def _rows(done: Drilled, at: datetime) -> list[tuple[str, str]]:
    found, manifest = done.restored, done.manifest
    age = at - manifest.at
    hours = int(age.total_seconds() // 3600)
    result = (
        say("登记簿逐条核验无误，内容全部解密核对，各项总数与备份时相符")
        if not found.problems
        else "；".join(found.problems)
    )
    return [
        (say("演练时间"), f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"),
        (say("备份"), manifest.run),
        (say("备份时间"), say("{at:%Y-%m-%d %H:%M:%S}（演练时已过{n}小时）", at=timezone.localtime(manifest.at), n=hours)),
        (say("程序版本"), manifest.program),
        (say("数据归档"), f"SHA-256 {manifest.data.sha256}"),
        (say("密钥归档"), f"SHA-256 {manifest.keys.sha256}"),
        (say("备份时登记簿"), say("{n:,}条，根值{root}", n=manifest.size, root=manifest.root)),
        (say("恢复后登记簿"), say("{n:,}条，根值{root}", n=found.size, root=found.root)),
        (say("解密核对的内容"), say("{n:,}条", n=found.contents)),
        (say("各类条数"), "，".join(f"{kind} {n:,}" for kind, n in found.kinds.items())),
        (say("恢复时再次抹去"), say("{n:,}条", n=found.erased)),
        (say("用时"), say("{n:.1f}秒", n=done.seconds)),
        (say("结果"), result),
    ]  # fmt: skip


def _page(done: Drilled, rows: list[tuple[str, str]], note: str) -> str:
    table = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    title = html.escape(_title(done))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><table>{table}</table>"
        f'<p class="sign">{say("演练人（签字）：")}＿＿＿＿＿＿＿　{say("见证人（签字）：")}＿＿＿＿＿＿＿</p>'
        f"<pre>{html.escape(note)}</pre></html>\n"
    )


def _put(path: Path, text: str) -> None:
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
