"""The title of a plan, also where a notice stands above it; and the day at the foot of either."""

import re
from collections.abc import Sequence
from datetime import date

from zhengxin.oversight.grammar.headings import mark_of
from zhengxin.oversight.grammar.terms import dates_of

_NUMBER = re.compile(r"[〔\[（(](?:19|20)\d\d[〕\]）)]\s*\d+\s*号")
_QUOTED = re.compile(r"《([^》]{4,80})》")
_ISSUED = re.compile(
    r"(?:印发|转发|发布|下发|实施|征求)(?:了)?(?P<title>[^《》]{4,80}?)(?:的)?(?:通知|意见)$"
)
_DRAFT = re.compile(
    r"[（(](?:征求意见稿|试行|草案|送审稿|讨论稿|修订稿|暂行|代拟稿|第[一二三]稿)[）)]"
)
_PLAN = re.compile(
    r"(?:方案|计划|意见|办法|规划|分工|细则|清单|要点|措施|安排|台账|通知|决定|行动|规定|分解表|任务书|实施纲要)$"
)
_STOP = tuple("。：:；;，,、")
# Before the day of a signature stands a name or nothing, no sentence and no 完成期限.
_ALONE = re.compile(r"(?!.*(?:期限|时限|时间))[^：:，,；;。至到]{0,30}$")
_LONGEST = 4
# What stands above a title on a web page or a printed head.
_HEAD = 15
_CHROME = re.compile(
    r"^(?:首页|当前位置|您的位置|您当前|索引号|主题|分类|发文|成文|发布|来源|信息来源|字号|字体|打印|分享|浏览|点击|文号|有效|"
    r"无障碍|长者|政府信息公开|登录|注册|附件|日期|时间|作者|责任编辑|密级|急件|特急|机密|内部)|[>＞»]|[:：]\s*\d{4}-\d\d"
)
_SIGNED = re.compile(
    r"(?:19|20)\d\d ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|二[〇○零O0][一二三四五六七八九十〇○零]{2}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)


def _joined(lines: Sequence[str], start: int) -> tuple[str, int]:
    """The title that begins at a line, and where it ends: further lines until one is no title."""
    parts = list[str]()
    place = start
    while place < len(lines) and len(parts) < _LONGEST:
        line = lines[place]
        if (
            line.endswith(_STOP)
            or _NUMBER.search(line)
            or mark_of(line)
            or _SIGNED.fullmatch(line)
            or len(line) > 60
            or "\t" in line
            or (parts and re.search("[：:]", line))
        ):
            break
        if _DRAFT.fullmatch(line):
            if parts:
                break
        else:
            parts.append(line)
        place += 1
        if parts and _PLAN.search(_DRAFT.sub("", parts[-1])):
            break
    return "".join(parts), place


def find_title(lines: Sequence[str]) -> tuple[str, int]:
    """The plan's title, and the line at which the plan begins (0 without a notice above it)."""
    start = 0
    while start < min(len(lines) - 1, _HEAD) and (
        _NUMBER.search(lines[start]) or _CHROME.search(lines[start])
    ):
        start += 1
    title, after = _joined(lines, start)
    if not title and lines:
        title = lines[start][:60]
    inner = _inner(title)
    if inner:
        for place in range(after, len(lines)):
            if _same(lines[place], inner):
                return _DRAFT.sub("", lines[place]), place
            joined, _ = _joined(lines, place)
            if _same(joined, inner):
                return joined, place
    return _DRAFT.sub("", title), 0


def is_plan(title: str) -> bool:
    """Whether a title is one of a plan, list or measure, not of a letter, notice or report."""
    return (
        re.search(r"方案|计划|规划|分工|清单|要点|措施|意见|分解|任务|台账|细则|安排", title)
        is not None
    )


def _inner(title: str) -> str:
    """What a notice says it sends."""
    quoted = _QUOTED.search(title)
    if quoted:
        return quoted[1]
    issued = _ISSUED.search(title)
    return issued["title"] if issued else ""


def _same(line: str, title: str) -> bool:
    def plain(text: str) -> str:
        # A notice shortens the title: 某部关于…意见 for 关于…的意见.
        bare = re.sub(r"[\s《》的]", "", _DRAFT.sub("", text))
        return bare[max(bare.find("关于"), 0) :]

    return bool(line) and plain(line) == plain(title)


def signed_on(lines: Sequence[str]) -> tuple[date, int] | None:
    """The first day that stands alone on a line or at the end of a signature, and that line."""
    for place, line in enumerate(lines):
        match = _SIGNED.search(line)
        if (
            match
            and match.end() == len(line.rstrip("）) 印发"))
            and _ALONE.match(line[: match.start()])
        ):
            found = dates_of(match[0].replace(" ", ""))
            if found:
                return found[0], place
    return None
