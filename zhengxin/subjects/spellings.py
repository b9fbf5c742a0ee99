"""Under which names and codes the units of the register stand in records, and which of them are the sender's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from zhengxin.kernel.names import fold_name
from zhengxin.kernel.uscc import normalise_code
from zhengxin.subjects.models import Name, Succession, Unit
from zhengxin.subjects.types import Spelling


def spellings(sender: int, on: date) -> tuple[Spelling, ...]:
    """Every name and code of every unit, also of those closed by the day `on`, as seen from the unit `sender`.

    Its own are also those of the units it follows and of those that followed it, confirmed or not:
    a succession that is only believed is no ground to refuse a record.
    """
    before, after = _ways()
    own = {sender} | _along(before, {sender}) | _along(after, {sender})
    closed = set(Unit.objects.filter(closed_on__lt=on).values_list("subject_id", flat=True))
    names: defaultdict[int, list[tuple[str, date | None, date | None]]] = defaultdict(list)
    for unit, text, since, until in Name.objects.filter(subject__unit__isnull=False).values_list(
        "subject_id", "text", "valid_from", "valid_to"
    ):
        names[unit].append((fold_name(text), since, until))
    found: list[Spelling] = []
    for unit, code, name, uscc in Unit.objects.values_list(
        "subject_id", "code", "subject__name", "subject__uscc"
    ):
        mine, dated = unit in own, names[unit]
        if fold_name(name) not in {folded for folded, _, _ in dated}:
            dated.append((fold_name(name), None, None))
        dated += [(normalise_code(each), None, None) for each in (code, uscc) if each]
        answers: int | None = unit
        if unit in closed:
            heirs = _along(after, {unit}) - closed
            answers = heirs.pop() if len(heirs) == 1 else None
        found += [Spelling(text, name, answers, mine, since, until) for text, since, until in dated]
    return tuple(found)


def _ways() -> tuple[Mapping[int, set[int]], Mapping[int, set[int]]]:
    """By unit, those that went before it and those that came after."""
    pairs = Succession.objects.filter(successor__isnull=False).values_list(
        "predecessor_id", "successor_id"
    )
    after: defaultdict[int, set[int]] = defaultdict(set)
    before: defaultdict[int, set[int]] = defaultdict(set)
    for old, new in pairs:
        if new is not None:
            after[old].add(new)
            before[new].add(old)
    return before, after


def _along(ways: Mapping[int, Iterable[int]], start: set[int]) -> set[int]:
    found: set[int] = set()
    step = set(start)
    while step:
        step = {other for unit in step for other in ways.get(unit, ())} - found
        found |= step
    return found
