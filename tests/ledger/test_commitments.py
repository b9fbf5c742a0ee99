import hashlib
import os
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhengxin.intake.tables import digest63
from zhengxin.kernel.digests import canonical_json
from zhengxin.lake.engine import quoted
from zhengxin.lake.queries import one
from zhengxin.ledger.commitments import (
    commitment,
    content_digest,
    group_bytes,
    group_digests,
    leaf_fields,
    leaf_of,
    moment,
    quick_commitment,
    quick_leaf,
    salt,
)
from zhengxin.ledger.sealing import PayloadWrong, Sealing, decrypt, encrypt, payload_bytes
from zhengxin.ledger.vault.suites import SUITES


def test_groups_hold_only_what_is_there():
    assert group_bytes(b"{}", {}, b"{}", None, None) == {"open": b"{}"}
    assert set(group_bytes(b"{}", {"FACTS": "某", "EMPTY": ""}, b'{"a":"1"}', 1, None)) == {
        "open",
        "closed",
        "key",
        "text:FACTS",
    }


def test_commitment_is_the_documented_hash():
    secret = bytes(32)
    groups = {"open": b'{"a":"1"}', "text:F": '"事实"'.encode()}
    expected = hashlib.sha256(b"zhengxin-commitment-1")
    for name in ("open", "text:F"):
        own_salt = hashlib.sha256(secret + b"salt:" + name.encode()).digest()
        assert salt(secret, name) == own_salt
        expected.update(len(name).to_bytes(2, "big") + name.encode())
        expected.update(hashlib.sha256(own_salt + groups[name]).digest())
    assert commitment(group_digests(secret, groups)) == expected.digest()


def test_a_group_can_be_shown_with_only_digests_of_the_rest():
    secret = os.urandom(32)
    groups = group_bytes(b'{"name":"x"}', {"F": "secret text"}, b'{"id":"1"}', 5, 6)
    digests = group_digests(secret, groups)
    rebuilt = {n: d for n, d in digests.items() if n != "open"}
    rebuilt["open"] = hashlib.sha256(salt(secret, "open") + groups["open"]).digest()
    assert commitment(rebuilt) == commitment(digests)


NAMES = st.from_regex(r"[A-Z_]{1,12}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = st.none() | st.integers(-(2**62), 2**62)


@given(st.dictionaries(NAMES, TEXT), st.dictionaries(NAMES, TEXT), TEXT, NUMBER, NUMBER)
@example({"A": ",", "B": ""}, {}, "", None, None)
@example({"A": ":", "B": ",", "C": "},{"}, {}, "", None, None)
def test_the_quick_commitment_equals_the_plain_one(texts, closed, opened, key, content):
    secret = os.urandom(32)
    open_json, closed_json = canonical_json({"a": opened}), canonical_json(closed)
    plain = commitment(
        group_digests(secret, group_bytes(open_json, texts, closed_json, key, content))
    )
    text_json = canonical_json(texts).decode()
    assert quick_commitment(secret, open_json, text_json, closed_json, key, content) == plain


@pytest.mark.parametrize("empty", [True, False])
def test_the_quick_leaf_equals_the_plain_one(empty):
    fields = leaf_fields(
        entry_id=7,
        kind="penalty",
        subject_id=None if empty else 12,
        unit_id=None if empty else 3,
        true_on=None if empty else date(2026, 1, 5),
        known_at=datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC),
        about_id=None if empty else 4,
        trait="" if empty else "fine;warning",
        commitment=b"\x07" * 32,
    )
    quick = quick_leaf(
        7,
        "penalty",
        fields["subject"],
        fields["unit"],
        fields["true_on"],
        fields["known_at"],
        fields["about"],
        fields["trait"],
        fields["commitment"],
    )
    assert quick == leaf_of(fields)
    assert quick == hashlib.sha256(b"\0" + canonical_json(fields)).digest()


def test_a_code_that_needs_escapes_is_refused():
    with pytest.raises(ValueError, match="plain codes"):
        quick_leaf(1, 'a"', None, None, None, "", None, "", "")


def test_moments_are_utc_whole_seconds_and_aware():
    assert moment(datetime(2026, 11, 23, 2, 0, 5, 999, tzinfo=UTC)) == "2026-11-23T02:00:05Z"
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 11, 23))


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
def test_payload_opens_only_with_its_own_secret_id_and_key(suite):
    secret = os.urandom(32)
    sealing, other = (Sealing(1, suite, os.urandom(32)) for _ in range(2))
    plain = payload_bytes(b'{"b":1}', b"{}", b'{"a":2}')
    assert plain == canonical_json({"open": {"b": 1}, "text": {}, "closed": {"a": 2}})
    sealed = encrypt(sealing, secret, 9, plain)
    assert decrypt(sealing, secret, 9, sealed) == plain
    for wrong in (
        (other, secret, 9, sealed),
        (sealing, os.urandom(32), 9, sealed),
        (sealing, secret, 10, sealed),
        (sealing, secret, 9, sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(PayloadWrong):
            decrypt(*wrong)


def test_the_engine_digests_a_content_as_the_ledger_does():
    parts = ('{"a":"某"}', "{}", '{"b":"1"}')
    pepper = bytes(range(32))
    text = quoted("\n".join(parts))
    assert one(f"SELECT {digest63(pepper, text)}") == (
        content_digest(pepper, *(part.encode() for part in parts)),
    )
