"""One way to turn a value into bytes, and bytes into a digest."""

import hashlib
import json
from pathlib import Path

_CHUNK = 1 << 20


class NotCanonical(TypeError):
    """A value has no single byte form: a float, a key that is not text, or an unknown type."""


def _insist(obj: object, where: str) -> None:
    if obj is None or isinstance(obj, str | bool | int):
        return
    if isinstance(obj, list | tuple):
        for index, item in enumerate(obj):
            _insist(item, f"{where}[{index}]")
        return
    if isinstance(obj, dict):
        for key, item in obj.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{where}: key {key!r} is not text")
            _insist(item, f"{where}.{key}")
        return
    raise NotCanonical(f"{where}: {type(obj).__name__} has no canonical form")


def canonical_json(obj: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: equal values give equal bytes.

    Accepts None, bool, int, str, list, tuple and dict with text keys. Raises NotCanonical on
    floats (write amounts as decimal text or whole fen) and on anything else.
    """
    _insist(obj, "$")
    text = json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 of `data`, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of the file at `path`, read in pieces of 1 MiB; 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
