"""What an entry commits to, and how parts of it can be shown without the rest. Pure.

Groups: "open"; every free text by itself, "text:<FIELD>"; "closed"; and "key", the two digests by
which repeats are recognised. Each group is hashed with a salt of its own, so a reader who is
shown one group learns nothing of the others, not even by guessing.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from json import JSONDecoder
from typing import Any

from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.merkle import leaf_hash

_LABEL = b"zhengxin-commitment-1"
_EMPTY = b"{}"
_read = JSONDecoder().raw_decode


def salt(secret: bytes, group: str) -> bytes:
    """The salt of one group: SHA-256(secret ‖ "salt:" ‖ group name)."""
    return sha256(secret + b"salt:" + group.encode()).digest()


def content_digest(pepper: bytes, open_json: bytes, text_json: bytes, closed_json: bytes) -> int:
    """A keyed 63-bit digest of a record's whole content, by which the same record is recognised.

    The first 63 bits of SHA-256(pepper in hexadecimal ‖ the three canonical objects, line by line).
    """
    keyed = sha256(b"%b%b\n%b\n%b" % (pepper.hex().encode(), open_json, text_json, closed_json))
    return int.from_bytes(keyed.digest()[:8], "big") >> 1


def group_bytes(
    open_json: bytes,
    text: Mapping[str, str],
    closed_json: bytes,
    key: int | None,
    content: int | None,
) -> dict[str, bytes]:
    """Canonical bytes of every group that is not empty; "open" is always there."""
    groups = {"open": open_json}
    if closed_json != _EMPTY:
        groups["closed"] = closed_json
    if key is not None or content is not None:
        groups["key"] = canonical_json({"content": content, "key": key})
    for field, value in text.items():
        if value:
            groups[f"text:{field}"] = json.dumps(value, ensure_ascii=False).encode()
    return groups


def group_digests(secret: bytes, groups: Mapping[str, bytes]) -> dict[str, bytes]:
    """SHA-256(salt ‖ canonical bytes) of every group."""
    return {name: sha256(salt(secret, name) + value).digest() for name, value in groups.items()}


def commitment(digests: Mapping[str, bytes]) -> bytes:
    """One hash over the group digests in the order of their names."""
    parts = [_LABEL]
    for name in sorted(digests):
        encoded = name.encode()
        parts += (len(encoded).to_bytes(2, "big"), encoded, digests[name])
    return sha256(b"".join(parts)).digest()


def _named(group: str) -> bytes:
    encoded = group.encode()
    return len(encoded).to_bytes(2, "big") + encoded


_CLOSED, _KEY, _OPEN = _named("closed"), _named("key"), _named("open")


def quick_commitment(
    secret: bytes,
    open_json: bytes,
    text_json: str,
    closed_json: bytes,
    key: int | None,
    content: int | None,
) -> bytes:
    """commitment(group_digests(secret, group_bytes(...))) for bulk work, from canonical JSON objects.

    A text's group is its JSON as it stands in the object, so nothing is read and written again.
    """
    parts = [_LABEL]
    if closed_json != _EMPTY:
        salted = sha256(secret + b"salt:closed").digest()
        parts += (_CLOSED, sha256(salted + closed_json).digest())
    if key is not None or content is not None:
        salted = sha256(secret + b"salt:key").digest()
        shown = f'{{"content":{_or_null(content)},"key":{_or_null(key)}}}'.encode()
        parts += (_KEY, sha256(salted + shown).digest())
    parts += (_OPEN, sha256(sha256(secret + b"salt:open").digest() + open_json).digest())
    for name, literal in _texts(text_json):
        group, label = _text_group(name)
        salted = sha256(secret + label).digest()
        parts += (group, sha256(salted + literal.encode()).digest())
    return sha256(b"".join(parts)).digest()


@lru_cache(maxsize=1 << 10)
def _text_group(name: str) -> tuple[bytes, bytes]:
    """The group of one text as the commitment names it, and the label of its salt."""
    group = "text:" + name
    return _named(group), b"salt:" + group.encode()


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)


def _texts(text_json: str) -> Iterator[tuple[str, str]]:
    """(name, JSON of the value) of every member of a canonical object of texts, empty ones left out."""
    if text_json == "{}":
        return
    if "\\" not in text_json:
        # Without escapes a quotation mark is a border: {"name":"value","name":"value"}.
        pieces = text_json.split('"')
        for name, value in zip(pieces[1::4], pieces[3::4], strict=True):
            if value:
                yield name, f'"{value}"'
        return
    place = 1
    while place < len(text_json) - 1:
        name, after = _read(text_json, place)
        _, end = _read(text_json, after + 1)
        if end - after > 3:
            yield name, text_json[after + 1 : end]
        place = end + 1


def moment(known_at: datetime) -> str:
    """An aware datetime as the leaf writes it: UTC, whole seconds, "2026-11-23T02:00:00Z"."""

    if known_at.tzinfo is None:
        raise ValueError("a datetime without a time zone")
    return known_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def leaf_fields(
    *,
    entry_id: int,
    kind: str,
    subject_id: int | None,
    unit_id: int | None,
    true_on: date | None,
    known_at: datetime,
    about_id: int | None,
    trait: str,
    commitment: bytes,
) -> dict[str, Any]:
    """The fields of the leaf input; its bytes are canonical_json of this."""
    return {
        "v": 1,
        "id": entry_id,
        "kind": kind,
        "subject": subject_id,
        "unit": unit_id,
        "true_on": true_on.isoformat() if true_on else None,
        "known_at": moment(known_at),
        "about": about_id,
        "trait": trait,
        "commitment": commitment.hex(),
    }


def leaf_of(fields: Mapping[str, Any]) -> bytes:
    """The leaf hash of these leaf fields."""
    return leaf_hash(canonical_json(dict(fields)))


def quick_leaf(
    entry_id: int,
    kind: str,
    subject_id: int | None,
    unit_id: int | None,
    true_on: str | None,
    known_at: str,
    about_id: int | None,
    trait: str,
    commitment_hex: str,
) -> bytes:
    """leaf_of for bulk work: dates come as text; kind, trait and dates need no JSON escapes.

    Raises ValueError when kind or trait would need an escape.
    """
    if '"' in kind or "\\" in kind or '"' in trait or "\\" in trait:
        raise ValueError("kind and trait are plain codes")
    return sha256(
        (
            f'\0{{"about":{"null" if about_id is None else about_id}'
            f',"commitment":"{commitment_hex}","id":{entry_id},"kind":"{kind}"'
            f',"known_at":"{known_at}","subject":{"null" if subject_id is None else subject_id}'
            f',"trait":"{trait}","true_on":'
            + ("null" if true_on is None else f'"{true_on}"')
            + f',"unit":{"null" if unit_id is None else unit_id},"v":1}}'
        ).encode()
    ).digest()
