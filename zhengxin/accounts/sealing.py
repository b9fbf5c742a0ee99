"""Secrets of second factors at rest: encrypted with a key of the key store, which stands above and hands it down.

Earlier they rested on the session secret; what was kept so is still read, and kept anew when it is next used.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused

_NONCE = 12
# What rests on the key store begins with this.
_STORED = b"\x02"
_store: list[Callable[[], bytes]] = []


class SecretUnreadable(Refused):
    """The key is not the one under which this secret was kept."""


def rest_on(key: Callable[[], bytes]) -> None:
    """From now on secrets rest on the key that this gives."""
    _store[:] = [key]


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhengxin " + purpose).derive(key)


def _stored_key(purpose: bytes) -> bytes:
    [key] = _store
    return _derived(key(), purpose)


def _session_key(purpose: bytes) -> bytes:
    return _derived(settings.SECRET_KEY.encode(), purpose)


def seal(secret: bytes, *, about: str) -> bytes:
    """AES-256-GCM under a key derived from the key store's; `about` names whose it is."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_stored_key(b"factor")).encrypt(nonce, secret, about.encode())
    return _STORED + nonce + sealed


def unseal(sealed: bytes, *, about: str) -> tuple[bytes, bool]:
    """What `seal` kept, and whether it should be kept anew. Raises SecretUnreadable."""
    if sealed[:1] == _STORED:
        with suppress(InvalidTag):
            return _opened(sealed[1:], _stored_key(b"factor"), about), False
    try:
        return _opened(sealed, _session_key(b"factor"), about), True
    except InvalidTag as fault:
        raise SecretUnreadable(
            _("动态验证码现在不能核对。"),
            _("登记验证器时用的密钥（早先的是会话密钥）已经更换，原来登记的验证器不能再用。"),
            _("请联系安全保密管理员重置后重新登记。"),
        ) from fault


def _opened(sealed: bytes, key: bytes, about: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())


def keyed_digest(words: str) -> str:
    """BLAKE2b-256 of `words` under the session secret, 64 hexadecimal digits: a stolen table cannot be searched.

    For what may be forgotten when that secret changes.
    """
    return _digest(words, _session_key(b"digest"))


def stored_digest(words: str) -> str:
    """The same under the key store's key, for what must be known again for years."""
    return _digest(words, _stored_key(b"digest"))


def _digest(words: str, key: bytes) -> str:
    return hashlib.blake2b(words.encode(), key=key, digest_size=32).hexdigest()
