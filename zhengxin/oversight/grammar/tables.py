"""Tables of tasks: a row of column heads, then a task a row. Cells are parted by tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhengxin.oversight.grammar.phrases import Said, labels, read_phrases
from zhengxin.oversight.grammar.terms import is_time
from zhengxin.oversight.grammar.units import looks_like_unit, split_units
from zhengxin.oversight.types import Role

_WHAT = re.compile(
    r"(?:重点|主要|具体|工作|任务|整改|目标|建设|改革|分解|责任)*(?:任务|内容|措施|事项|项目|举措|工作|目标|要求|问题|条款)(?:名称|内容|分解|及要求|清单)?"
)
_LONGEST_LABEL = 12
_NUMBER = re.compile(r"序号|编号|序|No\.?|号")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what: a Role, "time", "what" or nothing we know."""

    kinds: tuple[Role | str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of tasks."""

    number: str
    text: str
    said: Said
    clause: str


def columns_of(line: str) -> Columns | None:
    """The columns that a line of heads announces; None where it announces no units."""
    heads = [cell.replace(" ", "").strip("：:") for cell in line.split("\t")]
    if len(heads) < 2 or any(len(head) > 16 for head in heads):
        return None
    kinds: list[Role | str] = []
    for head in heads:
        found = labels(f"{head}：")
        if found and found[0][0] == 0 and found[0][1] == len(head) + 1:
            kinds.append(found[0][2])
        elif _NUMBER.fullmatch(head):
            kinds.append("number")
        elif looks_like_unit(head) or is_time(head):
            return None
        else:
            kinds.append("what" if _WHAT.fullmatch(head) else "")
    if not any(isinstance(kind, Role) for kind in kinds):
        return None
    if "what" not in kinds and not any(kind == "" for kind in kinds):
        return None
    return Columns(tuple(kinds))


def whole_rows(lines: Sequence[str]) -> list[str]:
    """Lines with the rows whole of which a text has broken a cell of several units into lines."""
    found: list[str] = []
    width = 0
    for line in lines:
        tabs = line.count("\t")
        if columns_of(line) is not None:
            width = tabs
        elif width and found and columns_of(found[-1]) is None:
            before = found[-1].count("\t")
            if _names_only(line.split("\t")[0]) and 0 < before < width and before + tabs <= width:
                found[-1] += f"、{line}"
                continue
        found.append(line)
    return found


def whole_cards(lines: Sequence[str]) -> list[str]:
    """Lines with labels and values joined of which a text has put each cell on a line of its own."""
    found: list[str] = []
    taking = False
    for line in lines:
        plain = line.replace(" ", "")
        if found and _is_label(found[-1]) and (_names_only(line) or is_time(line)):
            found[-1] += f"：{line}"
            taking = _names_only(line)
        elif taking and _names_only(line):
            found[-1] += f"、{line}"
        else:
            found.append(plain if _is_label(plain) else line)
            taking = False
    return found


def _is_label(text: str) -> bool:
    """Whether a line is 牵头单位 or the like, and nothing else."""
    if len(text) > _LONGEST_LABEL or text.endswith(("：", ":")):
        return False
    announced = labels(f"{text}：")
    return bool(announced) and announced[0][:2] == (0, len(text) + 1)


def _names_only(text: str) -> bool:
    names, _ = split_units(text)
    return bool(names) and all(map(looks_like_unit, names)) and not _is_label(text)


def as_labels(line: str) -> str:
    """A row of a card (牵头单位 | 县财政局) as the line of labels that it means; others as they are."""
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) % 2 or not all(cells):
        return line
    heads = cells[::2]
    for head in heads:
        plain = head.replace(" ", "").strip("：:")
        found = labels(f"{plain}：")
        if not found or found[0][:2] != (0, len(plain) + 1):
            return line
    return "；".join(
        f"{head.strip('：:')}：{value}" for head, value in zip(heads, cells[1::2], strict=True)
    )


def row_of(line: str, columns: Columns) -> Row | None:
    """A row's task; None where the line is no row of this table or names nothing to do."""
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) < 2 or len(cells) > len(columns.kinds) + 1:
        return None
    said, what, names, number = Said(), list[str](), list[str](), ""
    known = "what" in columns.kinds
    for kind, cell in zip(columns.kinds, cells, strict=False):
        if isinstance(kind, Role):
            inner = read_phrases(cell)
            if inner is not None:
                said.join(inner)
            else:
                said.add(kind, cell)
            said.named = said.named or bool(cell)
            if cell:
                names.append(cell)
        elif kind == "time":
            said.when(cell)
        elif kind == "number":
            number = cell
        elif cell and (kind == "what" or (not known and not kind)):
            what.append(cell)
    if not what:
        return None
    return Row(number, "；".join(what), said, "；".join(names))
