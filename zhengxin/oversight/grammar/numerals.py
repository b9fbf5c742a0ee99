"""Numbers as plans write them: 十二, 12, １２, ③."""

import unicodedata

CHINESE = "一二三四五六七八九十百零〇两"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100}


def number_of(text: str) -> int | None:
    """The value of a numeral below 1000 (any digits beyond), None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isdigit():
        return int(plain)
    if not plain or any(char not in CHINESE for char in plain):
        return None
    if not any(char in _PLACES for char in plain):
        return int("".join(str(_DIGITS[char]) for char in plain))
    total, digit = 0, 0
    for char in plain:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
