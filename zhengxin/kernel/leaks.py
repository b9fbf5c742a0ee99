"""Identity numbers hidden in text: 18 and 15 digits, whatever their width and separators.

What counts, and the trade made:

* 18 characters are found in any window of a digit run, also glued inside a longer one, because
  province, birth date and check digit together leave about one chance hit in 60,000 windows.
  A hexadecimal digest rarely holds 17 digits in a row, so digests need no exception (about one in
  10 million); a credit code is flagged only when it also is a valid identity number.
* 15 digits have no check digit. A run of exactly 15 digits, written without separators, needs a
  province and a date. Glued inside a longer digit run, or spread by separators, the first six
  digits must also be a county that existed: otherwise every time stamp would be flagged. Inside a
  code of letters and digits of 24 characters or more (a digest, a key) 15 digits are not looked
  for: digests would be flagged by chance, once in some thousands.

Digits of any script count as digits, and letters that look like one (O for 0, l for 1) beside them.
Between two digits any spaces on a line and up to twelve other separators may stand (a line break and its indent), marks that take
no place of their own do not count; what stands between two whole dates (a table of dates) is no
separator.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from zhengxin.kernel.idcard import CHECKS, PROVINCES, WEIGHTS, birth_date
from zhengxin.kernel.regions import county_codes

MASK = "*"
EARLIEST_YEAR = 1900
LATEST_YEAR = 2049
LONG_CODE = 24
# For engines with RE2 syntax: every text holding an identity number matches, few others do.
CANDIDATE_RE2 = r"(?:[\p{Nd}\p{No}][^\p{Nd}\p{No}\p{Han},，;；:：]{0,12}){14}[\p{Nd}\p{No}]"
_OLD_LENGTH = 15
_MAX_GAP = 12
# After so many digits people part an identity number.
_PARTED = (6, 14)
# Past the first planes stand ideographs and signs without a value.
_PLANES = [chr(code) for code in range(0x20000)]
_SPACES = frozenset(filter(str.isspace, _PLANES))
_SEPARATORS = _SPACES | frozenset(
    "-‐‑‒–—―−－_＿.．。·•・‧*＊|/／\\~～+＋'’‘()（）<>《》[]【】"
    '=＝#＃@＠&＆^＾"“”{}｛｝!！?？$＄%％`´…'
)


def _digit_characters() -> str:
    return "".join(
        char
        for char in filter(str.isdigit, _PLANES)
        if unicodedata.digit(char, None) is not None and char not in _SPACES
    )


_DIGITS = _digit_characters()
DIGIT_VALUES = {char: str(unicodedata.digit(char)) for char in _DIGITS}
_LAST = frozenset("XxＸｘⅩⅹ×")
_TAKE_NO_PLACE = frozenset({"Cf", "Cc", "Mn", "Me"})
# Format and control characters, marks set upon another character, and letters that are blank.
INVISIBLE = (
    "".join(
        char
        for char, category in zip(_PLANES, map(unicodedata.category, _PLANES), strict=True)
        if category in _TAKE_NO_PLACE and char not in _SPACES
    )
    + "\u115f\u1160\u2800\u3164\uffa0"
)
# Spaces of any width, but those that end a line.
BLANKS = "".join(char for char in _SPACES if unicodedata.category(char) == "Zs")
# What takes no place of its own, and spaces on a line, of which a page shows one.
_PASSED_OVER = frozenset(INVISIBLE + BLANKS + "\t")
_LOOK_ALIKE = dict.fromkeys("OoОоΟο〇", "0") | dict.fromkeys("lI", "1")


def characters(of: str) -> str:
    """Digits as the inside of a character class. Past the first plane a range too wide: singly they are slow to look for."""
    return re.escape("".join(char for char in of if char < "\U00010000")) + "\U00010000-\U0001ffff"


_BETWEEN = "".join(sorted(_SEPARATORS)) + "".join(c for c in INVISIBLE if c < "\U00010000")
# Wide enough for any run of spaces, which a page shows as one; `_runs` counts the other marks.
_GAP = f"[{re.escape(_BETWEEN)}]{{0,400}}+"
_SIGN = f"[{characters(_DIGITS + ''.join(_LOOK_ALIKE))}]"
_MAYBE = re.compile(f"{_SIGN}(?:{_GAP}{_SIGN}){{14}}")
_DATE = r"(?:19|20)\d\d([-./])\d\d?\{}\d\d?"
_BETWEEN_DATES = re.compile(
    rf"(?<![\d./-]){_DATE.format(1)}([\s|·—–~-]+)(?={_DATE.format(3)}(?![\d./-]))"
)


class _Run(NamedTuple):
    """A run of digits and final X: their values, their places in the text, any separators."""

    values: str
    places: list[int]


def find_id_numbers(text: str) -> list[str]:
    """The identity numbers in `text`, normalised (half-width, upper-case X), in order."""
    return [number for number, _ in _hits(text)]


def mask_id_numbers(text: str) -> str:
    """`text` with every character of every identity number replaced by `*`; length unchanged."""
    masked = list(text)
    for _, places in _hits(text):
        for place in places:
            masked[place] = MASK
    return "".join(masked)


def _hits(text: str) -> list[tuple[str, list[int]]]:
    if not _MAYBE.search(text):
        return []
    found: list[tuple[str, list[int]]] = []
    for run in _runs(_BETWEEN_DATES.sub(_keep_apart, text)):
        taken = list(_new_numbers(run))
        starts = [start for start, _ in taken]
        taken += [hit for hit in _old_numbers(text, run) if not _overlaps(hit, taken, starts)]
        for start, end in sorted(taken):
            found.append((run.values[start:end], run.places[start:end]))
    return found


def _keep_apart(match: re.Match[str]) -> str:
    return match[0][: match.start(2) - match.start()] + "\x00" * len(match[2])


def _overlaps(hit: tuple[int, int], taken: list[tuple[int, int]], starts: list[int]) -> bool:
    index = bisect_left(starts, hit[1])
    return index > 0 and taken[index - 1][1] > hit[0]


def _runs(text: str) -> Iterator[_Run]:
    """Runs of digits with at most three separators between neighbours; X may stand after one."""
    values: list[str] = []
    places: list[int] = []
    gap = 0
    for place, char in enumerate(text):
        value = DIGIT_VALUES.get(char) or _LOOK_ALIKE.get(char)
        if value is None and char in _LAST and len(values) >= 17:
            value = "X"
        if value is not None:
            values.append(value)
            places.append(place)
            gap = 0
        elif values and char in _PASSED_OVER:
            continue
        elif values and char in _SEPARATORS and gap < _MAX_GAP:
            gap += 1
        else:
            if len(values) >= _OLD_LENGTH:
                yield _Run("".join(values), places)
            values, places, gap = [], [], 0
    if len(values) >= _OLD_LENGTH:
        yield _Run("".join(values), places)


def _new_numbers(run: _Run) -> Iterator[tuple[int, int]]:
    start = 0
    while start + 18 <= len(run.values):
        if _is_new(run.values[start : start + 18]) or _mistyped(run):
            yield start, start + 18
            start += 18
        else:
            start += 1


def _is_new(window: str) -> bool:
    if window[:2] not in PROVINCES or not window[:17].isdigit():
        return False
    if not _plausible(window[6:14]):
        return False
    total = sum(int(char) * weight for char, weight in zip(window[:17], WEIGHTS, strict=True))
    return CHECKS[total % 11] == window[17]


def _mistyped(run: _Run) -> bool:
    """Eighteen characters alone, a county and a date among them: a person's number with a slip in it is one all the same.

    Written in one piece, or parted where people part it: county, birthday, rest.
    """
    return (
        len(run.values) == 18
        and all(
            after - before == 1
            for n, (before, after) in enumerate(pairwise(run.places), start=1)
            if n not in _PARTED
        )
        and run.values[:17].isdigit()
        and run.values[:6] in county_codes()
        and _plausible(run.values[6:14])
    )


def _old_numbers(text: str, run: _Run) -> Iterator[tuple[int, int]]:
    alone = len(run.values) == _OLD_LENGTH
    closed = run.places[-1] - run.places[0] == len(run.places) - 1
    if _in_long_code(text, run):
        return
    start = 0
    while start + _OLD_LENGTH <= len(run.values):
        window = run.values[start : start + _OLD_LENGTH]
        if _is_old(window, by_shape=alone and closed):
            yield start, start + _OLD_LENGTH
            start += _OLD_LENGTH
        else:
            start += 1


def _is_old(window: str, *, by_shape: bool) -> bool:
    if not window.isdigit() or not _plausible("19" + window[6:12]):
        return False
    if by_shape:
        return window[:2] in PROVINCES
    return window[:6] in county_codes()


def _plausible(digits: str) -> bool:
    born_on = birth_date(digits)
    return born_on is not None and EARLIEST_YEAR <= born_on.year <= LATEST_YEAR


def _in_long_code(text: str, run: _Run) -> bool:
    """True for a run without separators inside 24 or more ASCII letters and digits, some letters."""
    first, last = run.places[0], run.places[-1] + 1
    if any(not char.isascii() or not char.isalnum() for char in text[first:last]):
        return False
    while first > 0 and text[first - 1].isascii() and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isascii() and text[last].isalnum():
        last += 1
    return last - first >= LONG_CODE and not text[first:last].isdigit()
