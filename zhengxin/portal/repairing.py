"""May this record be repaired? The same conditions as at the desk, read off what the board shows of the record.

What the board does not know (an application that runs, a refusal) is said at the counter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from zhengxin.publication.board.types import Item


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """may: True, False, or None where the record leaves the board by leaving a list; from_on: the first day."""

    may: bool | None
    from_on: date | None
    headline: str
    conditions: Sequence[str]
    materials: Sequence[str]
    desk: Sequence[str]
    effect: Sequence[str]


def self_check(item: Item, today: date, words: Mapping[str, Sequence[str]]) -> SelfCheck | None:
    """None for a record that is no breach. words: the law's sentences with their articles, see board.repair_words."""
    if not item.brief.adverse:
        return None
    may: bool | None
    if item.repair_from is None:
        may, headline = None, _("名单类记录在列期间公示，移出名单即终止，不按申请修复。")
    elif item.repair_from > today:
        may, headline = False, _("还不能申请修复，最短公示期没有满。")
    else:
        may, headline = True, _("最短公示期已满，履行完毕的现在可以申请修复。")
    listed = may is None
    return SelfCheck(
        may=may,
        from_on=item.repair_from,
        headline=headline,
        conditions=() if listed else words.get("conditions", ()),
        materials=() if listed else words.get("materials", ()),
        desk=() if listed else words.get("desk", ()),
        effect=() if listed else words.get("effect", ()),
    )
