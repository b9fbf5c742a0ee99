"""The master key in shares: any `needed` of them give it back, fewer tell nothing. Pure.

Shamir's scheme over GF(256) with the polynomial of AES, byte by byte (A. Shamir, How to Share a Secret,
1979). A share is written in Crockford's base 32 in groups of five, with a checksum of its own and
the mark of its set, so that a slip of the pen and a share of another set are told apart.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {char: value for value, char in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_GROUP = 5
_VERSION = 1
_SET = 4
_CHECK = 4
_KEY = 32
# Version, needed, number, set, value, checksum.
_LENGTH = 3 + _SET + _KEY + _CHECK


class ShareWrong(Refused):
    """What was typed is no share, or not one of these."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("分片没有通过校验。"), why, say("请对照纸面逐组核对后再输入；字母不分大小写。")
        )


@dataclass(frozen=True, slots=True)
class Share:
    """One share: how many are needed, its number (from 1), the mark of its set (4 bytes), its value (32 bytes)."""

    needed: int
    number: int
    mark: bytes
    value: bytes


def _times(a: int, b: int) -> int:
    """Product in GF(256) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """a^254: the inverse in GF(256)."""
    result = 1
    for _ in range(254):
        result = _times(result, a)
    return result


def split(key: bytes, *, needed: int, total: int) -> list[Share]:
    """`total` shares of a key of 32 bytes. Raises ValueError unless 2 <= needed <= total <= 9."""
    if not 2 <= needed <= total <= 9 or len(key) != _KEY:
        raise ValueError("a key of 32 bytes, two to nine shares, at least two needed")
    # For every byte a polynomial: the byte itself, then random coefficients.
    polynomials = [(byte, *secrets.token_bytes(needed - 1)) for byte in key]
    mark = secrets.token_bytes(_SET)
    return [
        Share(needed, x, mark, bytes(_at(polynomial, x) for polynomial in polynomials))
        for x in range(1, total + 1)
    ]


def _at(polynomial: Sequence[int], x: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = _times(value, x) ^ coefficient
    return value


def combine(shares: Sequence[Share]) -> bytes:
    """The key from as many shares as are needed. Raises ShareWrong."""
    first = shares[0]
    if any((each.mark, each.needed) != (first.mark, first.needed) for each in shares):
        raise ShareWrong(say("这几个分片不是同一次拆分的。"))
    given = {each.number: each for each in shares}
    if len(given) < len(shares):
        raise ShareWrong(say("同一个分片输入了两次。"))
    if len(given) < first.needed:
        raise ShareWrong(say("分片不够，需要{n}个。", n=first.needed))
    key = bytearray(_KEY)
    for x, share in given.items():
        # Lagrange's coefficient of this share at 0.
        weight = 1
        for other in given:
            if other != x:
                weight = _times(weight, _times(other, _inverse(other ^ x)))
        for place, byte in enumerate(share.value):
            key[place] ^= _times(weight, byte)
    return bytes(key)


def written(share: Share) -> str:
    """The share for paper: groups of five characters."""
    body = bytes([_VERSION, share.needed, share.number]) + share.mark + share.value
    whole = body + sha256(body).digest()[:_CHECK]
    # Zero bits fill the last character.
    bits = int.from_bytes(whole, "big") << (-8 * _LENGTH % 5)
    count = -(-8 * _LENGTH // 5)
    chars = "".join(_ALPHABET[bits >> 5 * (count - 1 - place) & 31] for place in range(count))
    return " ".join(chars[place : place + _GROUP] for place in range(0, count, _GROUP))


def read(text: str) -> Share:
    """A share as typed or scanned: spaces, hyphens and case do not matter. Raises ShareWrong."""
    chars = "".join(text.upper().split()).replace("-", "")
    count = -(-8 * _LENGTH // 5)
    for place, char in enumerate(chars):
        if char not in _READ:
            raise ShareWrong(
                say("第{n}组有不会出现的字符“{char}”。", n=place // _GROUP + 1, char=char)
            )
    if len(chars) != count:
        raise ShareWrong(say("应有{n}个字符，输入了{given}个。", n=count, given=len(chars)))
    bits = 0
    for char in chars:
        bits = bits << 5 | _READ[char]
    spare = -8 * _LENGTH % 5
    whole = (bits >> spare).to_bytes(_LENGTH, "big")
    body, check = whole[:-_CHECK], whole[-_CHECK:]
    if bits & ((1 << spare) - 1) or sha256(body).digest()[:_CHECK] != check:
        raise ShareWrong(say("校验码不符，至少有一个字符有误。"))
    if body[0] != _VERSION:
        raise ShareWrong(say("分片由另一版本的程序制作。"))
    return Share(body[1], body[2], body[3 : 3 + _SET], body[3 + _SET :])
