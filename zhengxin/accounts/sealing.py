"""Secrets of second factors at rest: encrypted with a key that is not in the database."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused

_NONCE = 12


class SecretUnreadable(Refused):
    """The session secret is not the one under which this secret was kept."""


def _key(purpose: bytes) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhengxin " + purpose).derive(
        secret
    )


def seal(secret: bytes, *, about: str) -> bytes:
    """AES-256-GCM under a key derived from the session secret; `about` names whose it is."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(b"factor")).encrypt(nonce, secret, about.encode())


def unseal(sealed: bytes, *, about: str) -> bytes:
    """What `seal` kept. Raises SecretUnreadable."""
    try:
        return AESGCM(_key(b"factor")).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except InvalidTag as fault:
        raise SecretUnreadable(
            _("动态验证码现在不能核对。"),
            _("服务器上的会话密钥已经更换，原来登记的验证器不能再用。"),
            _("请联系安全保密管理员重置后重新登记。"),
        ) from fault


def keyed_digest(words: str) -> str:
    """BLAKE2b-256 of `words` under the session secret, 64 hexadecimal digits: a stolen table cannot be searched."""
    return hashlib.blake2b(words.encode(), key=_key(b"digest"), digest_size=32).hexdigest()
