"""Who keeps the master key: a file, the environment, an outside program, or a class of one's own.

ZHENGXIN_KEY_PROVIDER chooses: "file" or "file:PATH", "environment" or "environment:VARIABLE",
"command:PROGRAM ARGUMENTS", or the dotted path of a class with the three verbs of Provider (the
door for a cryptographic device, by PKCS#11 or otherwise).
"""

import os
import secrets
import shlex
import stat
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhengxin.ledger.vault.refusals import (
    KeyExposed,
    KeyMalformed,
    KeyMissing,
    ProviderFailed,
    ProviderUnknown,
    SuiteUnknown,
)
from zhengxin.ledger.vault.suites import SUITES, Suite

LENGTH = 32
VARIABLE = "ZHENGXIN_MASTER_KEY"
_NONCE = 12
# The first byte of what is wrapped here says how.
_MARKS = {"aes-256-gcm": b"\x01", "sm4-gcm": b"\x02"}
# Seconds an outside program may take.
_PATIENCE = 30


class NotOurs(ValueError):
    """Wrapped by another master key, or changed."""


class Provider(Protocol):
    """A keeper of the master key."""

    def wrap(self, plain: bytes) -> bytes:
        """32 bytes, unreadable without the master key."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The 32 bytes again. Raises NotOurs, or Refused when the key cannot be had."""

    def describe(self) -> str:
        """Where the key is, for people; with its fingerprint where there is one."""


@runtime_checkable
class RawKeeper(Provider, Protocol):
    """A provider that can give out the key itself, so that it can be split in shares."""

    def key(self) -> bytes:
        """The 32 bytes. Raises Refused."""


def fingerprint(key: bytes) -> str:
    """By which people know a master key again: 16 hexadecimal digits in four groups."""
    shown = sha256(b"zhengxin-master-fingerprint\0" + key).hexdigest()[:16]
    return "-".join(shown[place : place + 4] for place in range(0, 16, 4))


def suite() -> Suite:
    """The ciphers for what is newly wrapped, and for new epochs (ZHENGXIN_KEY_SUITE)."""
    if settings.KEY_SUITE not in SUITES:
        raise SuiteUnknown(settings.KEY_SUITE)
    return SUITES[settings.KEY_SUITE]


def wrap_with(key: bytes, plain: bytes) -> bytes:
    """Mark (1), nonce (12), ciphertext and tag, under a key derived from the master key."""
    used = suite()
    nonce = os.urandom(_NONCE)
    cipher = used.cipher(used.mac(key, b"zhengxin-wrap-1"))
    return _MARKS[used.name] + nonce + cipher.encrypt(nonce, plain, None)


def unwrap_with(key: bytes, wrapped: bytes) -> bytes:
    """What wrap_with wrapped, with whichever ciphers. Raises NotOurs."""
    used = next((SUITES[name] for name, mark in _MARKS.items() if mark == wrapped[:1]), None)
    if used is None:
        raise NotOurs
    cipher = used.cipher(used.mac(key, b"zhengxin-wrap-1"))
    try:
        return cipher.decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], None)
    except InvalidTag:
        raise NotOurs from None


def parsed(text: str, name: str) -> bytes:
    """A key from its hexadecimal digits. Raises KeyMalformed."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        raise KeyMalformed(name) from None
    if len(key) != LENGTH:
        raise KeyMalformed(name)
    return key


class FileKeeper:
    """The key in a file of its own. While it is rotated the new one lies beside it."""

    def __init__(self, path: Path, shown: Path | None = None) -> None:
        self.path = path
        # Where the key will lie when people look for it.
        self.shown = shown or path
        self.coming = path.with_name(path.name + ".next")

    def key(self) -> bytes:
        """The key in the file. Raises KeyMissing, KeyExposed, KeyMalformed."""
        return self._read(self.path)

    def wrap(self, plain: bytes) -> bytes:
        """Wrapped by the key in the file."""
        return wrap_with(self.key(), plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Also when a rotation was broken off between store and file: then it is finished here."""
        try:
            return unwrap_with(self.key(), wrapped)
        except NotOurs:
            if not self.coming.exists():
                raise
        plain = unwrap_with(self._read(self.coming), wrapped)
        self.settle()
        return plain

    def describe(self) -> str:
        """Path and fingerprint."""
        return _("文件{path}（指纹{mark}）").format(path=self.shown, mark=fingerprint(self.key()))

    def make(self) -> None:
        """A new key, unless there is one."""
        write_key(self.path, secrets.token_bytes(LENGTH))

    def successor(self) -> "FileKeeper":
        """The keeper of the key that will take this one's place; made now unless it was begun before."""
        write_key(self.coming, secrets.token_bytes(LENGTH))
        return FileKeeper(self.coming, self.path)

    def settle(self) -> None:
        """The coming key takes the place of the present one; again is harmless."""
        with suppress(FileNotFoundError):
            self.coming.replace(self.path)
            _sync(self.path.parent)

    def _read(self, path: Path) -> bytes:
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            # Elsewhere a credential may be lent to a group; beside the stores nobody shares.
            foreign = 0o077 if path.parent == Path(settings.KEYS_DIR) else 0o007
            if mode & foreign:
                raise KeyExposed(str(path), mode)
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise KeyMissing(str(path)) from None
        except (OSError, UnicodeDecodeError):
            raise KeyMalformed(str(path)) from None
        return parsed(text, str(path))


def write_key(path: Path, key: bytes) -> None:
    """Write a key whole or not at all, for its owner alone; of two writers the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    place = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w") as stream:
        stream.write(key.hex() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """A name that was given or taken survives a loss of power."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


class GivenKeeper:
    """The key itself, as people gave it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def key(self) -> bytes:
        """The key."""
        return self._key

    def wrap(self, plain: bytes) -> bytes:
        """Wrapped by this key."""
        return wrap_with(self.key(), plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The 32 bytes again."""
        return unwrap_with(self.key(), wrapped)

    def describe(self) -> str:
        """That it was given, and its fingerprint."""
        return _("分片合成的主密钥（指纹{mark}）").format(mark=fingerprint(self.key()))


class EnvironmentKeeper(GivenKeeper):
    """The key in a variable of the environment, as 64 hexadecimal digits."""

    def __init__(self, variable: str) -> None:
        self.variable = variable

    def key(self) -> bytes:
        """The key in the variable. Raises KeyMissing, KeyMalformed."""
        name = _("环境变量{name}").format(name=self.variable)
        text = os.environ.get(self.variable)
        if not text:
            raise KeyMissing(name)
        return parsed(text, name)

    def describe(self) -> str:
        """Variable and fingerprint."""
        return _("环境变量{name}（指纹{mark}）").format(
            name=self.variable, mark=fingerprint(self.key())
        )


class CommandKeeper:
    """An outside program: called with "wrap" or "unwrap" as last argument, hexadecimal digits in and out.

    Exit code 0 and one line: done; 3: not wrapped by its key; any other: its message is shown.
    """

    def __init__(self, command: str) -> None:
        self.command = shlex.split(command)
        if not self.command:
            raise ProviderUnknown("command")

    def wrap(self, plain: bytes) -> bytes:
        """As the program wraps it."""
        return self._call("wrap", plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        """As the program unwraps it."""
        return self._call("unwrap", wrapped)

    def describe(self) -> str:
        """The program's name; its arguments may be nobody's business."""
        return _("外部程序{name}").format(name=self.command[0])

    def _call(self, verb: str, value: bytes) -> bytes:
        try:
            done = subprocess.run(
                [*self.command, verb],
                input=value.hex() + "\n",
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise ProviderFailed(
                self.describe(), _("程序无法运行或超时：{why}。").format(why=type(problem).__name__)
            ) from problem
        if done.returncode == 3:
            raise NotOurs
        try:
            answer = bytes.fromhex(done.stdout.strip())
        except ValueError:
            answer = b""
        if done.returncode or not answer:
            raise ProviderFailed(
                self.describe(),
                _("退出码{code}，提示：{told}。").format(
                    code=done.returncode, told=done.stderr.strip()[:200] or _("无")
                ),
            )
        return answer


def provider(spec: str | None = None) -> Provider:
    """The keeper that `spec`, or else the settings, name. Raises ProviderUnknown."""
    spec = spec or settings.KEY_PROVIDER
    name, colon, rest = spec.partition(":")
    if name == "file":
        return FileKeeper(Path(rest) if rest else Path(settings.KEYS_DIR) / "master.key")
    if name == "environment":
        return EnvironmentKeeper(rest or VARIABLE)
    if name == "command":
        return CommandKeeper(rest)
    if colon or "." not in name:
        raise ProviderUnknown(spec)
    try:
        made: Provider = import_string(name)()
    except ImportError:
        raise ProviderUnknown(spec) from None
    return made
