"""The Chinese algorithms give the values that their standards print; both suites keep what they promise."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SM3, Hash

from zhengxin.ledger.vault.suites import SM, SUITES, Sm4Gcm

# GB/T 32905-2016, annex A, examples 1 and 2.
SM3_EXAMPLES = {
    "abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    "abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
# GB/T 32907-2016, annex A, examples 1 (one block) and 2 (a million times).
SM4_KEY = "0123456789abcdeffedcba9876543210"
SM4_ONCE = "681edf34d206965e86b3e94f536e4246"
SM4_MILLION = "595298c7c6fd271f0402f804c33d3f66"
# RFC 8998, appendix A.1.
GCM_NONCE = "00001234567800000000abcd"
GCM_PLAIN = "".join(digit * 16 for digit in "abcdefea")
GCM_DATA = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
GCM_SEALED = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def sm3(message: bytes) -> bytes:
    run = Hash(SM3())
    run.update(message)
    return run.finalize()


def sm4(key: str, plain: str) -> bytes:
    return Cipher(SM4(bytes.fromhex(key)), modes.ECB()).encryptor().update(bytes.fromhex(plain))


@pytest.mark.parametrize(("message", "digest"), SM3_EXAMPLES.items())
def test_sm3(message: str, digest: str) -> None:
    assert sm3(message.encode()).hex() == digest


def test_sm4_one_block_and_a_million_times() -> None:
    assert sm4(SM4_KEY, SM4_KEY).hex() == SM4_ONCE
    run = Cipher(SM4(bytes.fromhex(SM4_KEY)), modes.ECB()).encryptor()
    block = bytes.fromhex(SM4_KEY)
    for _ in range(1_000_000):
        block = run.update(block)
    assert block.hex() == SM4_MILLION


def test_sm4_in_gcm() -> None:
    cipher = Sm4Gcm(bytes.fromhex(SM4_KEY) + bytes(16))
    nonce, plain, data = (bytes.fromhex(x) for x in (GCM_NONCE, GCM_PLAIN, GCM_DATA))
    assert cipher.encrypt(nonce, plain, data).hex() == GCM_SEALED
    assert cipher.decrypt(nonce, bytes.fromhex(GCM_SEALED), data) == plain


def test_the_values_are_those_of_the_collection(shared_data: Path) -> None:
    collected = json.loads(shared_data.joinpath("crypto/sm_vectors.json").read_text("utf-8"))
    assert {each["msg_utf8"]: each["digest"] for each in collected["sm3"]} == SM3_EXAMPLES
    assert [(each["key"], each["plaintext"], each["ciphertext"]) for each in collected["sm4"]] == [
        (SM4_KEY, SM4_KEY, SM4_ONCE),
        (SM4_KEY, SM4_KEY, SM4_MILLION),
    ]


def test_hmac_with_sm3_is_hmac() -> None:
    # RFC 2104 written out, with blocks of 64 bytes.
    for key in (b"k", bytes(range(32)), bytes(range(100))):
        padded = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
        inner = sm3(bytes(b ^ 0x36 for b in padded) + b"message")
        assert SM.mac(key, b"message") == sm3(bytes(b ^ 0x5C for b in padded) + inner)
    assert SM.mac(b"k", b"m") != hashlib.sha256(b"m").digest()


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
def test_what_was_changed_does_not_open(suite) -> None:
    cipher, nonce = suite.cipher(bytes(range(32))), bytes(12)
    sealed = cipher.encrypt(nonce, b"plain", b"about")
    assert len(sealed) == len(b"plain") + 16
    assert cipher.decrypt(nonce, sealed, b"about") == b"plain"
    for wrong in (
        (bytes(11) + b"1", sealed, b"about"),
        (nonce, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"about"),
        (nonce, bytes([sealed[0] ^ 1]) + sealed[1:], b"about"),
        (nonce, sealed, b"other"),
        (nonce, b"short", b"about"),
    ):
        with pytest.raises(InvalidTag):
            cipher.decrypt(*wrong)
