"""The manifest of a dispatch and its signature: made here, and checked here when it comes from a peer. Pure but for reading files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhengxin.kernel.digests import canonical_json, file_digest, sha256_hex
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger.notes import NoteWrong, read_signed, sign

FORMAT = "zhengxin-dispatch/1"
MANIFEST, SIGNATURE = ".manifest.json", ".manifest.json.sig"


class ManifestWrong(Refused):
    """A batch whose manifest, signature or files do not fit together."""

    def __init__(self, why: str) -> None:
        super().__init__(
            say("批次没有通过核对。"),
            why,
            say("请与发送单位核对后重新取一份；这一份不要改动，留着备查。"),
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """One data file of a manifest."""

    name: str
    kind: str
    operation: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest states. digest: SHA-256 (hex) of its bytes."""

    number: str
    previous: str
    digest: str
    files: tuple[Listed, ...]


def manifest_bytes(content: dict[str, Any]) -> bytes:
    """The one byte form of a manifest."""
    return canonical_json({"format": FORMAT, **content}) + b"\n"


def signature_of(content: bytes, name: str, signer: str, key: Ed25519PrivateKey) -> str:
    """A signed note over a file's name and SHA-256."""
    return sign(f"{name}\n{sha256_hex(content)}\n", signer, key)


def check_signature(content: bytes, note: str, verifier: str) -> None:
    """Raises ManifestWrong unless `note` is the peer's signature over these bytes."""
    try:
        text = read_signed(note, verifier)
    except NoteWrong as wrong:
        raise ManifestWrong(wrong.why) from wrong
    if sha256_hex(content) not in text.split("\n"):
        raise ManifestWrong(say("签名是别的文件的。"))


def read_manifest(content: bytes) -> Manifest:
    """What a manifest states. Raises ManifestWrong."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise ManifestWrong(say("清单的格式不是{format}。", format=FORMAT))
        return Manifest(
            number=str(told["number"])[:60],
            previous=str(told.get("previous", "")),
            digest=sha256_hex(content),
            files=tuple(
                Listed(
                    name=_plain_name(str(each["name"])),
                    kind=str(each["kind"]),
                    operation=str(each["operation"]),
                    rows=int(each["rows"]),
                    sha256=str(each["sha256"]),
                )
                for each in told["files"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestWrong(say("清单读不懂。")) from error


def _plain_name(name: str) -> str:
    """A file name that stays in its folder."""
    if not name or Path(name).name != name or name.startswith("."):
        raise ManifestWrong(say("清单里的文件名“{name}”不能用。", name=name[:60]))
    return name


def check_files(manifest: Manifest, folder: Path) -> None:
    """Raises ManifestWrong when a listed file is missing in the folder or is another one."""
    for each in manifest.files:
        path = folder / each.name
        if not path.is_file():
            raise ManifestWrong(say("缺少文件{name}。", name=each.name))
        if file_digest(path) != each.sha256:
            raise ManifestWrong(say("文件{name}和清单上的指纹不符。", name=each.name))
