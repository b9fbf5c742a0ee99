"""Search: names by pairs of characters, document numbers by their parts.

The rarest pair of the text names the candidates, a LIKE checks them, newest first. A text that
matches very many names is answered from the newest entries instead.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from zhengxin.kernel.names import fold_name
from zhengxin.publication.board.models import BoardGram, BoardPrefix, BoardSubject
from zhengxin.publication.board.queries.items import (
    briefs,
    present,
    rows,
    shown,
    whole_numbers,
    with_number,
)
from zhengxin.publication.board.queries.rows import card
from zhengxin.publication.board.spelling import (
    SHORTEST,
    NumberAsked,
    grams,
    issuer_asked,
    number_asked,
)
from zhengxin.publication.board.types import SearchResult

NEWEST = 20
# A pair of characters with more names than this is common.
_COMMON = 2000
# With more matching names than this the newest entries are looked through instead.
_MANY = 5000
_STEP = 500
_LONGEST = 4000
# A text that is part of more issuing prefixes than this is looked for in the newest of them.
_PREFIXES = 40
_FARTHEST = 60_000
_LETTERS = re.compile(r"[a-z]{2,}")
_CODE = re.compile(r"[0-9a-z]{18}")
_SERIAL_LAST = re.compile(r"[0-9]号?$")


def search(text: str, on: date, limit: int = NEWEST) -> SearchResult:
    """The newest subjects and entries shown on `on` for a name, short or former name, initials of a unit,
    unified social credit code or document number in any spelling.

    Texts under two characters find nothing. complete is False where matching entries may lie
    before the newest ones looked through.
    """
    asked = fold_name(text)[:100]
    if len(asked) < SHORTEST:
        return SearchResult(text, (), (), True)
    if _CODE.fullmatch(asked):
        coded = BoardSubject.objects.using("board").filter(uscc=asked.upper())
        named = list(coded.values_list("id", flat=True)[:limit])
        if named:
            return _result(text, named, _items_of(named, on, limit), True, on, limit)
    found: set[int] = set()
    number = number_asked(text)
    if number is not None:
        found.update(_numbered(number, on, limit))
    prefixes = _issuers(text)
    for prefix_id in prefixes[:_PREFIXES]:
        newest = shown(on).filter(prefix_id=prefix_id)
        found.update(newest.order_by("-entry_id").values_list("entry_id", flat=True)[:limit])
    ids, about, complete = _named(asked, on, limit)
    found.update(about)
    complete = complete and len(prefixes) <= _PREFIXES
    return _result(text, ids, found, complete, on, limit)


def _issuers(text: str) -> list[int]:
    """Issuing prefixes with this text in them, newest first; only one where it is a whole document number."""
    asked = issuer_asked(text)
    if _SERIAL_LAST.search(asked) and (whole := whole_numbers(text)):
        return whole
    if len(asked) >= SHORTEST:
        return _matching("prefix", asked, _PREFIXES + 1)
    named = BoardPrefix.objects.using("board").filter(text__contains=asked).order_by("-id")
    return list(named.values_list("id", flat=True)[: _PREFIXES + 1])


def _result(
    text: str, ids: Sequence[int], found: set[int], complete: bool, on: date, limit: int
) -> SearchResult:
    subjects = BoardSubject.objects.using("board")
    units = subjects.filter(id__in=ids, is_unit=True).order_by("position", "id")
    chosen = list(units.values_list("id", flat=True)[:limit])
    others = sorted(set(ids) - set(chosen), reverse=True)
    while others and len(chosen) < limit:
        some, others = others[:_STEP], others[_STEP:]
        there = subjects.filter(present(on), id__in=some).order_by("-id")
        chosen += there.values_list("id", flat=True)[: limit - len(chosen)]
    named = subjects.in_bulk(chosen)
    newest = sorted(found, reverse=True)[:limit]
    lines = sorted(briefs(rows(on).filter(entry_id__in=newest)), key=lambda i: -i.entry_id)
    cards = tuple(card(named[i]) for i in chosen)
    return SearchResult(text, cards, tuple(lines), complete)


def _named(asked: str, on: date, limit: int) -> tuple[list[int], set[int], bool]:
    """Subjects named so (all, or the newest), the newest entries of all of them, and whether
    every entry that matters was seen."""
    gram, n = _rarest("subject", asked)
    initial = _units_with(initials__contains=asked) if _LETTERS.fullmatch(asked) else []
    if n > _COMMON:
        newest, seen_all = _newest_named(asked, on, limit, _STEP)
        if seen_all:
            named = [*_units_with(folded__contains=asked), *initial]
            named += _matching("subject", asked, limit, gram)
            return list(dict.fromkeys(named)), newest, True
    ids = _matching("subject", asked, _MANY + 1, gram) if n else []
    ids = list(dict.fromkeys([*initial, *ids]))
    if len(ids) <= _MANY:
        return ids, _items_of(ids, on, limit), True
    return ids, *_newest_named(asked, on, limit, _FARTHEST)


def _rarest(of: str, text: str) -> tuple[str, int]:
    """The pair of `text` with fewest names and how many it has (counted up to _COMMON + 1)."""
    best, least = "", _COMMON + 1
    for gram in sorted(grams([text])):
        chosen = BoardGram.objects.using("board").filter(of=of, gram=gram)
        n = chosen.values("ref_id")[:least].count()
        if n == 0:
            return gram, 0
        if not best or n < least:
            best, least = gram, n
    return best, least


def _matching(of: str, text: str, most: int, gram: str = "") -> list[int]:
    """Ids of names or prefixes that contain `text`, newest first, at most `most`."""
    found: list[int] = []
    for some in _having(of, gram or _rarest(of, text)[0]):
        if of == "prefix":
            named = BoardPrefix.objects.using("board").filter(id__in=some, text__contains=text)
            found += named.order_by("-id").values_list("id", flat=True)
        else:
            subjects = BoardSubject.objects.using("board")
            chosen = subjects.filter(id__in=some, folded__contains=text)
            found += chosen.order_by("-id").values_list("id", flat=True)
        if len(found) >= most:
            return found[:most]
    return found


def _having(of: str, gram: str) -> Iterator[Sequence[int]]:
    """Ids with this pair, newest first, in steps that grow."""
    chosen = BoardGram.objects.using("board").filter(of=of, gram=gram).order_by("-ref_id")
    last: int | None = None
    step = _STEP
    while True:
        left = chosen if last is None else chosen.filter(ref_id__lt=last)
        some = list(left.values_list("ref_id", flat=True)[:step])
        if some:
            yield some
        if len(some) < step:
            return
        last, step = some[-1], min(step * 2, _LONGEST)


def _units_with(**condition: str) -> list[int]:
    units = BoardSubject.objects.using("board").filter(is_unit=True, **condition)
    return list(units.order_by("position", "id").values_list("id", flat=True))


def _items_of(ids: Sequence[int], on: date, limit: int) -> set[int]:
    """The newest entries about, or sent by, these subjects."""
    found: set[int] = set()
    items = shown(on)
    units = BoardSubject.objects.using("board").filter(id__in=ids, is_unit=True)
    for unit_id in units.values_list("id", flat=True):
        sent = items.filter(unit_id=unit_id).order_by("-entry_id")
        found.update(sent.values_list("entry_id", flat=True)[:limit])
    about = items.filter(subject_id__in=ids).order_by("-entry_id")
    found.update(about.values_list("entry_id", flat=True)[:limit])
    return found


def _newest_named(text: str, on: date, limit: int, farthest: int) -> tuple[set[int], bool]:
    """Entries whose subject or unit is named so, looked for in the newest `farthest`.

    True when the newest `limit` of all were found.
    """
    found: list[int] = []
    last: int | None = None
    seen, step = 0, _STEP
    names: dict[int, bool] = {}
    while seen < farthest:
        chosen = shown(on).order_by("-entry_id")
        if last is not None:
            chosen = chosen.filter(entry_id__lt=last)
        some = list(chosen.values_list("entry_id", "subject_id", "unit_id")[:step])
        _learn(names, {i for row in some for i in row[1:]}, text)
        found += [row[0] for row in some if names.get(row[1]) or names.get(row[2])]
        if len(found) >= limit:
            return set(found[:limit]), True
        if len(some) < step:
            return set(found), True
        last, seen, step = some[-1][0], seen + step, step * 2
    return set(found), False


def _learn(names: dict[int, bool], ids: set[int], text: str) -> None:
    """Which of these subjects have `text` in a name."""
    unknown = sorted(ids - names.keys())
    for start in range(0, len(unknown), _STEP):
        chosen = BoardSubject.objects.using("board").filter(id__in=unknown[start : start + _STEP])
        for subject_id, folded in chosen.values_list("id", "folded"):
            names[subject_id] = text in folded


def _numbered(asked: NumberAsked, on: date, limit: int) -> set[int]:
    """The newest entries with this document number, or with the part of it that was typed."""
    items = with_number(shown(on), asked)
    return set(items.order_by("-entry_id").values_list("entry_id", flat=True)[:limit])
