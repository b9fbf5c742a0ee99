"""A share on a printable page: text to type, a code to scan, and what the custodian must know. Pure."""

from html import escape

import segno

from zhengxin.kernel.say import say
from zhengxin.ledger.vault.shares import Share, written

_STYLE = (
    "body{font-family:sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;line-height:1.6;"
    "color:#111;background:#fff}"
    "h1{font-size:1.4rem}code{display:block;font-size:1.25rem;line-height:2;letter-spacing:.05em;"
    "word-spacing:.5em;border:1px solid #999;padding:.75rem}svg{width:100%;max-width:14rem;height:auto}"
    "td{padding:.35rem 1rem .35rem 0}@media print{body{margin:0 auto}}"
)


def sheet(share: Share, *, total: int, fingerprint: str) -> str:
    """One whole HTML page without anything from outside."""
    text = written(share)
    # Capital letters, digits and spaces: the code's dense alphanumeric mode.
    code = segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True)
    title = say("主密钥分片 {number}／{total}", number=share.number, total=total)
    rules = (
        say("合成需要其中任意{n}份；单独一份不泄露任何内容。", n=share.needed),
        say("由一人保管，装入信封密封，与其他分片分开存放；不拍照，不发送，不存入电脑。"),
        say("打印后请立即删除本文件。主密钥轮换后本分片作废，另行制作。"),
        say("恢复时在服务器上运行 zhengxin keys combine，按提示输入或扫描。"),
    )
    blanks = (say("保管人"), say("单位和职务"), say("交接日期"), say("签名"))
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{escape(say('主密钥指纹'))} {escape(fingerprint)}　"
        f"{escape(say('本次拆分'))} {share.mark.hex()}</p>"
        f"<code>{escape(text)}</code>{code}<ul>"
        + "".join(f"<li>{escape(rule)}</li>" for rule in rules)
        + "</ul><table>"
        + "".join(f"<tr><td>{escape(blank)}</td><td>____________</td></tr>" for blank in blanks)
        + "</table></body></html>\n"
    )
