"""Shares: any that are enough give the key back; a slip or a stranger is told."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxin.ledger.vault.shares import (
    Share,
    ShareWrong,
    _inverse,
    _times,
    combine,
    read,
    split,
    written,
)
from zhengxin.ledger.vault.sheets import sheet

KEY = bytes(range(32))


def test_the_field_is_that_of_aes() -> None:
    # FIPS 197, section 4.2: {57} * {83} = {c1}; {53} and {ca} are inverse.
    assert _times(0x57, 0x83) == 0xC1
    assert _inverse(0x53) == 0xCA
    assert all(_times(a, _inverse(a)) == 1 for a in range(1, 256))


@given(st.binary(min_size=32, max_size=32), st.integers(2, 4), st.integers(0, 2))
def test_any_that_are_enough_give_the_key(key: bytes, needed: int, more: int) -> None:
    shares = split(key, needed=needed, total=needed + more)
    for some in itertools.combinations(shares, needed):
        assert combine(some) == key
    assert combine(list(reversed(shares))) == key


def test_one_of_two_says_nothing() -> None:
    # Whatever the key, every value of one share is as likely as any other: 3,000 splits, one byte each.
    seen = [split(KEY, needed=2, total=2)[0].value[0] for _ in range(3000)]
    assert len(set(seen)) > 250
    with pytest.raises(ShareWrong, match="需要2个"):
        combine(split(KEY, needed=2, total=3)[:1])


@pytest.mark.parametrize(("needed", "total"), [(1, 2), (3, 2), (2, 10)])
def test_numbers_that_make_no_sense(needed: int, total: int) -> None:
    with pytest.raises(ValueError, match="at least two"):
        split(KEY, needed=needed, total=total)


def test_a_share_is_read_however_it_is_typed() -> None:
    share = split(KEY, needed=2, total=2)[1]
    text = written(share)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5} ){13}[0-9A-HJKMNP-TV-Z]{4}", text)
    assert read(text) == share
    assert read(text.lower().replace(" ", "-").replace("0", "o").replace("1", "l")) == share


def test_every_slip_of_one_character_is_found() -> None:
    text = written(Share(2, 1, b"mark", KEY))
    for place, char in enumerate(text):
        if char == " ":
            continue
        with pytest.raises(ShareWrong, match=r"校验码|版本"):
            read(text[:place] + ("7" if char != "7" else "8") + text[place + 1 :])
    with pytest.raises(ShareWrong, match="输入了68个"):
        read(text[:-1])
    with pytest.raises(ShareWrong, match="第2组有不会出现的字符“U”"):
        read(text[:6] + "U" + text[7:])


def test_shares_that_do_not_belong_together() -> None:
    ours, theirs = split(KEY, needed=2, total=2), split(KEY, needed=2, total=2)
    with pytest.raises(ShareWrong, match="不是同一次拆分"):
        combine([ours[0], theirs[1]])
    with pytest.raises(ShareWrong, match="输入了两次"):
        combine([ours[0], ours[0]])


def test_the_sheet_carries_the_share_twice_and_nothing_from_outside() -> None:
    share = split(KEY, needed=2, total=3)[2]
    page = sheet(share, total=3, fingerprint="aaaa-bbbb-cccc-dddd")
    assert written(share) in page
    assert "<svg" in page
    assert "主密钥分片 3／3" in page
    assert "aaaa-bbbb-cccc-dddd" in page
    assert "src=" not in page
    assert "href=" not in page
