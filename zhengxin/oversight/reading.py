"""A plan from a file: what it is, its lines, then the grammar."""

from pathlib import Path

from zhengxin.kernel.say import say
from zhengxin.oversight.documents.child import lines_aside
from zhengxin.oversight.documents.kinds import DocumentRefused, FileKind, kind_of, table_file
from zhengxin.oversight.documents.texts import decode, lines_of
from zhengxin.oversight.grammar.plans import read_lines
from zhengxin.oversight.types import Plan

# A document of an office has Chinese sentences; so many characters make one.
_LEAST_CHINESE = 20


def document_lines(path: Path) -> list[str]:
    """The text of a document line by line. Raises DocumentRefused."""
    kind = kind_of(path)
    if kind is FileKind.TEXT:
        return lines_of(decode(path.read_bytes()))
    return lines_aside(path, kind)


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises DocumentRefused where the file holds no document of an office.

    An official document without duty clauses is a plan without tasks, and its findings say so.
    """
    lines = document_lines(path)
    plan = read_lines(lines)
    if not plan.tasks:
        _insist_document(lines, plan)
    return plan


def _insist_document(lines: list[str], plan: Plan) -> None:
    rows = [line for line in lines if "\t" in line.strip()]
    filled = [line for line in lines if line.strip()]
    if not plan.sections and len(rows) * 2 > len(filled):
        raise table_file(say("文件里只有表格（{n}行），没有条文，也没有单位一列。", n=len(rows)))
    chinese = sum(1 for line in lines for char in line if "一" <= char <= "鿿")
    if not plan.sections and (plan.dated is None or chinese < _LEAST_CHINESE):
        raise DocumentRefused(
            say("这不是工作方案。"),
            say(
                "文件里有{n}个汉字，没有“一、”“（一）”这样的条目，没有落款日期，也没有牵头、责任单位。",
                n=chinese,
            ),
            say("请核对选的文件；确是方案的，请从起草单位要电子文本。"),
        )
