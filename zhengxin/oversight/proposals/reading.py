"""A session's list of proposals, read row by row with every fault named. Pure but for the file's cells."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.proposals.rules import objections
from zhengxin.oversight.proposals.types import Fault, Name, Raised

# Columns by the field they fill; the first name is what the template has. All but the last four must be there.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("类别", "类型"),
    "number": ("编号", "案号", "序号"),
    "title": ("标题", "案由", "建议名称", "提案名称"),
    "text": ("内容", "正文", "建议内容", "提案内容"),
    "first": ("领衔人", "第一提案人", "提出人", "领衔代表", "提案者"),
    "delegation": ("代表团或界别", "代表团", "界别"),
    "others": ("联名人", "附议人", "联名代表"),
    "consent": ("是否同意公开", "是否公开", "同意公开"),
    "difficult": ("是否涉及面广", "涉及面广", "是否疑难"),
}
OPTIONAL = ("delegation", "others", "consent", "difficult")
_KINDS = {
    "人大代表建议": "suggestion",
    "代表建议": "suggestion",
    "建议": "suggestion",
    "政协提案": "proposal",
    "委员提案": "proposal",
    "提案": "proposal",
}
_CONSENT = {"": "unsaid", "是": "yes", "同意": "yes", "否": "no", "不同意": "no"}
_DIFFICULT = {"": False, "否": False, "是": True}
_BETWEEN = re.compile(r"[、，,；;\s]+(?![^（(]*[）)])")
_NAMED = re.compile(r"^([^（()）]+)(?:[（(]([^（()）]+)[）)])?$")
_FIELD_OF = {"signers": "first"}
_NOT_IN_LIST = {"session": "届次"}


class ListFaulty(Refused):
    """A list with faults; none of it was imported."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            say("没有导入：名单里有{n}处要改。", n=len(faults)),
            say("一处有误，整份都不导入。"),
            say("请按下面的说明逐处改好，再重新导入。"),
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Ground:
    """What a list is compared with: kinds that may be registered, numbers the session has, persons of the same name."""

    session: str
    received_on: date
    kinds: Collection[str]
    taken: Collection[tuple[str, str]]
    # By kind and name: the delegations known.
    delegations: Mapping[tuple[str, str], tuple[str, ...]]


def column_of(field: str) -> str:
    """The Chinese name of a field of Raised."""
    column = _FIELD_OF.get(field, field)
    return COLUMNS[column][0] if column in COLUMNS else say(_NOT_IN_LIST[field])


def columns_of(head: list[str]) -> dict[str, int]:
    """Where each field stands. Raises ListFaulty: missing, twice, or not known."""
    found: dict[str, int] = {}
    faults = []
    for place, name in enumerate(head):
        field = next((field for field, names in COLUMNS.items() if name in names), None)
        if field is None:
            if name:
                faults.append(
                    _of_column(name, say("不认识这一列。"), say("请删去，或改成模板里的列名。"))
                )
        elif field in found:
            faults.append(_of_column(name, say("这一列有两次。"), say("请只留一列。")))
        else:
            found[field] = place
    for field, names in COLUMNS.items():
        if field not in found and field not in OPTIONAL:
            faults.append(
                _of_column(names[0], say("缺这一列。"), say("请补上这一列，列名写在第1行。"))
            )
    if faults:
        raise ListFaulty(tuple(faults))
    return found


def _of_column(name: str, why: str, remedy: str) -> Fault:
    return Fault(1, name, "", why, remedy)


def named(text: str) -> list[Name] | None:
    """Persons as written, such as 张三、李四（柳湾代表团）; None when one of them cannot be read."""
    found = []
    for part in (part for part in _BETWEEN.split(text.strip()) if part):
        match = _NAMED.match(part)
        if match is None:
            return None
        found.append(Name(match[1].strip(), (match[2] or "").strip()))
    return found


def read_list(rows: list[list[str]], ground: Ground) -> list[Raised]:
    """The proposals of a list. Raises ListFaulty with every fault, row and column."""
    places = columns_of(rows[0])
    found: list[Raised] = []
    faults: list[Fault] = []
    seen = {key: 0 for key in ground.taken}
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = {field: row[place] if place < len(row) else "" for field, place in places.items()}
        raised = _row(number, cells, ground, faults)
        if raised is None:
            continue
        key = (raised.kind, raised.number)
        if key in seen:
            before = seen[key]
            why = (
                say("与第{n}行重复。", n=before) if before else say("这一届次已经登记过这个编号。")
            )
            faults.append(_fault(number, cells, "number", why, say("请核对编号，或删去这一行。")))
        seen[key] = number
        found.append(raised)
    if not found and not faults:
        faults.append(Fault(0, "", "", say("除了列名，没有一行。"), say("请从第2行起逐行填写。")))
    if faults:
        raise ListFaulty(tuple(faults))
    return found


def _row(number: int, cells: dict[str, str], ground: Ground, faults: list[Fault]) -> Raised | None:
    before = len(faults)

    def fault(field: str, why: str, remedy: str) -> None:
        faults.append(_fault(number, cells, field, why, remedy))

    kind = _KINDS.get(cells["kind"])
    if kind is None:
        fault(
            "kind",
            say("不是人大代表建议，也不是政协提案。"),
            say("请填“人大代表建议”或“政协提案”。"),
        )
    elif kind not in ground.kinds:
        fault("kind", say("这一类不由您单位交办。"), say("请由登记的交办单位导入。"))
    consent = _CONSENT.get(cells.get("consent", ""))
    if consent is None:
        fault("consent", say("认不出来。"), say("请填“是”“否”，没有说明的留空。"))
    difficult = _DIFFICULT.get(cells.get("difficult", ""))
    if difficult is None:
        fault("difficult", say("认不出来。"), say("请填“是”“否”，或留空。"))
    signers = _signers(cells, kind or "", ground, fault)
    for field, text in cells.items():
        if kinds := kinds_found(text):
            fault(field, say("里面有{kinds}。", kinds=kinds), say("请删去个人的号码。"))
    raised = Raised(
        kind=kind or "",
        session=ground.session,
        number=cells["number"],
        title=cells["title"],
        text=cells["text"],
        received_on=ground.received_on,
        signers=tuple(signers),
        difficult=bool(difficult),
        consent=consent or "unsaid",
    )
    for field, why in objections(raised):
        if field != "signers" or signers:
            fault(_FIELD_OF.get(field, field), why, say("请改好这一格。"))
    return raised if len(faults) == before else None


def _signers(
    cells: dict[str, str], kind: str, ground: Ground, fault: Callable[[str, str, str], None]
) -> list[Name]:
    """Who leads, then the others; faults told for whoever cannot be known."""
    first = named(cells["first"])
    if not first or len(first) > 1:
        fault("first", say("要写一位，现在没有写或者不止一位。"), say("其他人请写在联名人里。"))
        return []
    others = named(cells.get("others", ""))
    if others is None:
        fault("others", say("姓名认不出来。"), say("请写成：张三、李四（柳湾代表团）。"))
        others = []
    lead = Name(first[0].name, cells.get("delegation", "") or first[0].delegation)
    for field, name in [("first", lead), *(("others", each) for each in others)]:
        known = ground.delegations.get((kind, name.name), ())
        if not name.delegation and len(known) > 1:
            fault(
                field,
                say(
                    "叫{name}的有{n}位：{known}。",
                    name=name.name,
                    n=len(known),
                    known="、".join(known),
                ),
                say("请在姓名后面写明代表团或界别。"),
            )
    return [lead, *others]


def _fault(number: int, cells: Mapping[str, str], field: str, why: str, remedy: str) -> Fault:
    column = COLUMNS[field][0]
    return Fault(number, column, cells.get(field, "")[:60], why, remedy)
