"""The browser's own hashes and signature check against the cryptography library."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.urls("zhengxin.config.portal_urls")

# Lengths around the block borders of both hashes.
LENGTHS = [0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 1000]
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page of the site's origin with the modules at hand, over plain http."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{live_server.url}/static/zhengxin/icon.svg")
    opened.evaluate(
        """async () => {
          window.sha = await import('/static/zhengxin/proof/sha2.js');
          window.ed = await import('/static/zhengxin/proof/ed25519.js');
          window.register = await import('/static/zhengxin/proof/register.js');
        }"""
    )
    yield opened
    context.close()


VERIFY = """rows => rows.map(([key, message, signature]) => {
  const { unhex } = window.register;
  return window.ed.verifySignature(unhex(key), unhex(message), unhex(signature));
})"""


@pytest.mark.django_db(transaction=True, databases=["board"])
def test_hashes_agree_with_the_library(page):
    messages = [hashlib.shake_128(str(n).encode()).digest(n) for n in LENGTHS]
    for name in ("sha256", "sha512"):
        found = page.evaluate(
            "([name, rows]) => rows.map((row) => register.hex(sha[name](register.unhex(row))))",
            [name, [message.hex() for message in messages]],
        )
        assert found == [hashlib.new(name, message).hexdigest() for message in messages]


@pytest.mark.django_db(transaction=True, databases=["board"])
def test_signatures_hold_only_for_key_and_message(page):
    good, bad = [], []
    for n, length in enumerate(LENGTHS):
        key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([n])).digest())
        public = key.public_key().public_bytes_raw()
        message = hashlib.shake_128(bytes([n])).digest(length)
        signature = key.sign(message)
        good.append([public.hex(), message.hex(), signature.hex()])
        scalar = int.from_bytes(signature[32:], "little")
        flipped = bytearray(signature)
        flipped[n] ^= 1
        bad += [
            [public.hex(), (message + b"x").hex(), signature.hex()],
            [public.hex(), message.hex(), bytes(flipped).hex()],
            # The same signature with s + L: malleable, must be refused.
            [
                public.hex(),
                message.hex(),
                (signature[:32] + (scalar + ORDER).to_bytes(32, "little")).hex(),
            ],
            [bytes(32).hex(), message.hex(), signature.hex()],
            [public.hex(), message.hex(), signature[:-1].hex()],
            [(2**255 - 1).to_bytes(32, "little").hex(), message.hex(), signature.hex()],
        ]
    assert page.evaluate(VERIFY, good) == [True] * len(good)
    assert page.evaluate(VERIFY, bad) == [False] * len(bad)


@pytest.mark.django_db(transaction=True, databases=["board"])
def test_canonical_text_agrees_with_the_kernel(page):
    from zhengxin.kernel.digests import canonical_json

    values = {
        "乙": ["一", "", '"引号"\\ /\b\f\n\r\t\x01\x7f\u2028'],
        "甲": None,
        "z": True,
        "a": -5,
        "\uffee": "高位",
        "𠮷": {"b": "2", "a": "1"},
    }
    assert page.evaluate("register.canonical", values) == canonical_json(values).decode()
