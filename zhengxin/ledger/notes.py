"""Signed notes, tree checkpoints and cosignatures in the forms of C2SP. Pure.

Specifications: signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1 over Ed25519).
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_ED25519 = b"\x01"
_COSIGNER = b"\x04"
_DASH = "\u2014"


class NoteWrong(Refused):
    """A note whose form or signature does not hold."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("检查点签名校验未通过。"),
            why,
            say("请取得原始检查点文件后重试，并保留当前文件备查。"),
        )


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint states: whose tree, how many leaves, which root (32 bytes)."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness's signature line under a checkpoint (without line end), and when it says it signed."""

    line: str
    at: datetime


def _key_id(name: str, public: bytes, kind: bytes = _ED25519) -> bytes:
    return sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The line a reader needs to check signatures: name+key id (8 hex digits)+base64 key."""
    encoded = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{_key_id(name, public).hex()}+{encoded}"


def sign(text: str, name: str, *keys: Ed25519PrivateKey) -> str:
    """`text` (must end in a line break) with a signature line of each key added."""
    if not text.endswith("\n"):
        raise ValueError("a note's text ends in a line break")
    lines = [f"{text}\n"]
    for key in keys:
        identity = _key_id(name, key.public_key().public_bytes_raw())
        signature = base64.b64encode(identity + key.sign(text.encode())).decode()
        lines.append(f"{_DASH} {name} {signature}\n")
    return "".join(lines)


def read_signed(note: str, verifier: str) -> str:
    """The text of `note` after its signature by `verifier` was checked. Raises NoteWrong.

    Signatures by other keys are ignored, as the form demands.
    """
    name, public = _read_verifier(verifier)
    text, signatures = _parts(note)
    identity = _key_id(name, public)
    for _line, signer, blob in signatures:
        if signer != name or blob[:4] != identity:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], text.encode())
        except InvalidSignature:
            raise NoteWrong(say("签名与内容不符。")) from None
        return text
    raise NoteWrong(say("没有本账本密钥的签名。"))


def cosigner_name(verifier: str) -> str:
    """Whose key a witness's verifier line is. Raises NoteWrong when it is none."""
    return _read_verifier(verifier, _COSIGNER)[0]


def cosignatures(note: str, verifier: str) -> list[Cosignature]:
    """The cosignatures of `verifier` under a checkpoint. Raises NoteWrong when one does not hold.

    What they say rests on the first lines of the note: check the log's own signature too.
    """
    name, public = _read_verifier(verifier, _COSIGNER)
    text, signatures = _parts(note)
    identity = _key_id(name, public, _COSIGNER)
    found = []
    for line, signer, blob in signatures:
        if signer != name or blob[:4] != identity:
            continue
        seconds = int.from_bytes(blob[4:12], "big")
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(blob[12:], message)
            found.append(Cosignature(line, datetime.fromtimestamp(seconds, UTC)))
        except (InvalidSignature, ValueError, OverflowError, OSError):
            raise NoteWrong(say("见证签名与内容不符。")) from None
    return found


def _parts(note: str) -> tuple[str, list[tuple[str, str, bytes]]]:
    """The text, and (line, signer, id and signature) of every signature."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteWrong(say("文件不是签名检查点格式。"))
    found = []
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        if dash != _DASH or not signer or not encoded:
            raise NoteWrong(say("签名行格式有误。"))
        found.append((line, signer, _decode(encoded)))
    return text + "\n", found


def _decode(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteWrong(say("Base64 编码有误。")) from None


def _read_verifier(verifier: str, kind: bytes = _ED25519) -> tuple[str, bytes]:
    name, plus, rest = verifier.partition("+")
    identity, second_plus, encoded = rest.partition("+")
    blob = _decode(encoded)
    if not name or not plus or not second_plus or len(blob) != 33 or blob[:1] != kind:
        raise NoteWrong(say("验证公钥格式有误。"))
    if _key_id(name, blob[1:], kind).hex() != identity:
        raise NoteWrong(say("验证公钥与其编号不符。"))
    return name, blob[1:]


def checkpoint_text(head: TreeHead) -> str:
    """The body of a checkpoint: origin, size, base64 root, a line each."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def read_checkpoint(text: str) -> TreeHead:
    """The tree head in a checkpoint's text; further lines are extensions and ignored.

    Raises NoteWrong.
    """
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdigit():
        raise NoteWrong(say("检查点内容格式有误。"))
    root = _decode(lines[2])
    if len(root) != 32 or str(int(lines[1])) != lines[1]:
        raise NoteWrong(say("检查点内容格式有误。"))
    return TreeHead(lines[0], int(lines[1]), root)
