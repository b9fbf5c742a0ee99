"""An entry's way in dated steps: what happened, when it was entered, when it ends."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.publication.board.types import Item


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way; `look` is is-ahead for days to come, else empty."""

    on: date
    what: str
    more: str
    look: str


def steps_of(item: Item, today: date) -> list[Step]:
    """The dated steps of `item` in the order of their days; those after `today` lie ahead."""
    brief = item.brief
    found: list[tuple[date, str, str]] = []
    if brief.true_on:
        found.append((brief.true_on, _("作出决定或事情发生"), brief.document_number))
    if brief.due_on:
        found.append((brief.due_on, _("应公示的最后一天"), ""))
    place = _("登记簿第%(n)s条") % {"n": f"{item.position + 1:,}"}
    found.append((timezone.localtime(brief.known_at).date(), _("登记"), place))
    found.append((brief.shown_from, _("开始公示"), ""))
    if item.repair_from:
        found.append((item.repair_from, _("起可以申请修复"), ""))
    if brief.shown_to:
        found.append((brief.shown_to, _("公示的最后一天"), _("此后不再展示和共享")))
    return [
        Step(on, what, more, "is-ahead" if on > today else "")
        for on, what, more in sorted(found, key=lambda step: step[0])
    ]
