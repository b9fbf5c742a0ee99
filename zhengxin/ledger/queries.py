"""Reads of the ledger: entries, their contents, proofs, and how far the followers have come."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.refused import Refused
from zhengxin.ledger.building import DRAFT_COLUMNS
from zhengxin.ledger.chains import chain_of as chain_of
from zhengxin.ledger.chains import readable as readable
from zhengxin.ledger.commitments import (
    commitment,
    group_bytes,
    group_digests,
    leaf_fields,
    salt,
)
from zhengxin.ledger.enums import Act
from zhengxin.ledger.keys import log_name, signers
from zhengxin.ledger.models import Batch, Checkpoint, Entry, FollowerCursor, Seal, Verifier
from zhengxin.ledger.models import Payload as PayloadRow
from zhengxin.ledger.notes import NoteWrong, TreeHead, read_signed
from zhengxin.ledger.notes import read_checkpoint as read_tree_head
from zhengxin.ledger.notes import verifier_key as note_verifier_key
from zhengxin.ledger.sealing import decrypt
from zhengxin.ledger.tree import (
    NotInTree,
    consistency_proof,
    head,
    inclusion_proof,
    root,
    sealed_entries,
    size,
    tile,
)
from zhengxin.ledger.types import KeyMatch, Payload, Range, Signer
from zhengxin.ledger.vault.models import Secret
from zhengxin.ledger.vault.wrapping import Opener
from zhengxin.ledger.verification import verify

__all__ = [
    "DRAFT_COLUMNS",
    "NotInTree",
    "consistency_proof",
    "head",
    "inclusion_proof",
    "log_name",
    "root",
    "size",
    "tile",
    "verify",
]

_AT_ONCE = 500
_KEYS_AT_ONCE = 5_000


class EntryMissing(Refused):
    """An entry that is not in the ledger (or whose batch is not sealed)."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(
            _("账本中没有第 {id} 条记录。").format(id=entry_id),
            _("编号有误，或该批报送尚未办结。"),
            _("请核对编号后重试。"),
        )


class Erased(Refused):
    """A content that was erased; entry and proof remain."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(
            _("第 {id} 条记录的内容已依法删除。").format(id=entry_id),
            _("解密所需的密钥已销毁，任何人都无法再读取。"),
            _("记录存在的证明仍然有效；如需原文，请向原认定单位查询。"),
        )


def entry(entry_id: int) -> Entry:
    """One sealed entry. Raises EntryMissing."""
    found: Entry | None = sealed_entries().filter(pk=entry_id).first()
    if found is None:
        raise EntryMissing(entry_id)
    return found


def entries(ids: Iterable[int] | Range) -> QuerySet[Entry]:
    """Sealed entries by their ids, or those of one range, in the order of ids."""
    found: QuerySet[Entry] = sealed_entries().order_by("id")
    if isinstance(ids, Range):
        return found.filter(id__gte=ids.first_id, id__lt=ids.first_id + ids.n)
    return found.filter(id__in=list(ids))


def traits_of(kind: str) -> list[tuple[int, str]]:
    """Entry id and trait of every sealed entry of a kind, in ledger order. Reads the whole ledger."""
    found = sealed_entries().filter(kind=kind).order_by("id")
    return list(found.values_list("id", "trait"))


def entries_about(entry_id: int) -> list[int]:
    """Ids of the sealed entries about this one (acts, a correction), oldest first."""
    found = sealed_entries().filter(about_id=entry_id).exclude(kind=Act.WITHDRAWAL)
    return list(found.order_by("id").values_list("id", flat=True))


def entries_since(ids: Iterable[int], *, since: datetime) -> list[Entry]:
    """Those of these sealed entries whose batch was reserved at `since` or later, in the order of ids."""
    later = Batch.objects.filter(id=OuterRef("batch_id"), reserved_at__gte=since)
    return [
        entry for piece in _pieces(ids, _AT_ONCE) for entry in entries(piece).filter(Exists(later))
    ]


def position(entry_id: int) -> int:
    """The leaf's place in the tree, from 0. Raises EntryMissing."""
    closing = Seal.objects.get(batch_id=entry(entry_id).batch_id)
    return closing.base + entry_id - closing.first_id


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An entry, its content, and the proof of what may be shown of it (see disclosure_proof)."""

    entry: Entry
    payload: Payload
    proof: dict[str, Any]


def payload(entry_id: int) -> Payload:
    """The content of one sealed entry. Raises EntryMissing, Erased."""
    found = payloads([entry_id])
    if entry_id not in found:
        entry(entry_id)
        raise Erased(entry_id)
    return found[entry_id]


def payloads(ids: Iterable[int]) -> dict[int, Payload]:
    """The contents of sealed entries; erased and unknown ones are left out."""
    return {found.id: content for found, _secret, content in _opened(ids)}


def _pieces(values: Iterable[int], n: int) -> Iterator[list[int]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), n):
        yield ordered[start : start + n]


def _opened(ids: Iterable[int]) -> Iterator[tuple[Entry, bytes, Payload]]:
    opener = Opener()
    for piece in _pieces(ids, _AT_ONCE):
        secrets = {
            row[0]: row[1:]
            for row in Secret.objects.filter(entry_id__in=piece, secret__isnull=False).values_list(
                "entry_id", "secret", "epoch", "origin"
            )
        }
        ciphers = dict(
            PayloadRow.objects.filter(entry_id__in=piece).values_list("entry_id", "ciphertext")
        )
        for found in entries(piece):
            if found.id in secrets:
                wrapped, epoch, origin = secrets[found.id]
                secret = opener.secret(found.id, wrapped or b"", epoch)
                plain = decrypt(opener.sealing(origin), secret, found.id, bytes(ciphers[found.id]))
                yield found, secret, Payload(**json.loads(plain))


def disclosure_proof(entry_id: int, released: frozenset[str]) -> dict[str, Any]:
    """What a reader needs to recompute the leaf from the shown parts. Raises EntryMissing, Erased.

    released: names of the free-text fields that are shown beside the open part. Returns
    {"leaf": fields of the leaf input, "salts": {shown group: hex}, "hidden": {group: hex digest}}.
    """
    found = disclosures({entry_id: released})
    if entry_id not in found:
        entry(entry_id)
        raise Erased(entry_id)
    return found[entry_id].proof


def disclosures(released: Mapping[int, frozenset[str]]) -> dict[int, Disclosed]:
    """Entry, content and disclosure_proof of many entries; erased and unknown ones are left out."""
    return {
        found.id: Disclosed(found, content, _disclosure(found, secret, content, released[found.id]))
        for found, secret, content in _opened(released)
    }


def _disclosure(
    found: Entry, secret: bytes, content: Payload, released: frozenset[str]
) -> dict[str, Any]:
    groups = group_bytes(
        canonical_json(content.open),
        content.text,
        canonical_json(content.closed),
        found.key,
        found.content,
    )
    shown = {"open"} | {f"text:{name}" for name in released}
    digests = group_digests(secret, groups)
    return {
        "leaf": leaf_fields(
            entry_id=found.id,
            kind=found.kind,
            subject_id=found.subject_id,
            unit_id=found.unit_id,
            true_on=found.true_on,
            known_at=found.known_at,
            about_id=found.about_id,
            trait=found.trait,
            commitment=commitment(digests),
        ),
        "salts": {name: salt(secret, name).hex() for name in groups if name in shown},
        "hidden": {name: value.hex() for name, value in digests.items() if name not in shown},
    }


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed statement of the tree, None before the first one."""
    return Checkpoint.objects.order_by("-id").first()


def first_checkpoint_since(at: datetime) -> Checkpoint | None:
    """The first signed statement from a moment on; None while there is none."""
    return Checkpoint.objects.filter(signed_at__gte=at).order_by("id").first()


def checkpoint_of(size: int) -> Checkpoint | None:
    """What was signed when the tree had `size` leaves; None when nothing was."""
    return Checkpoint.objects.filter(size=size).order_by("-id").first()


def verifier_key() -> str:
    """The public line by which anybody checks the checkpoints' signatures."""
    return note_verifier_key(log_name(), signers()[-1].public)


def verifier_keys() -> list[tuple[str, Signer]]:
    """The lines of all keys that ever signed checkpoints, with their days, oldest first."""
    name = log_name()
    return [(note_verifier_key(name, each.public), each) for each in signers()]


def key_notes() -> str:
    """Every note in which one of the ledger's keys named the next, oldest first, two empty lines between; "" for none."""
    told = Verifier.objects.filter(announcement__isnull=False).order_by("number")
    return "\n\n".join(str(note) for note in told.values_list("announcement", flat=True))


def read_checkpoint(note: str) -> TreeHead:
    """What a checkpoint saved earlier states, signed by any of the ledger's keys. Raises NoteWrong."""
    *before, now = [line for line, _ in verifier_keys()]
    for line in before:
        with suppress(NoteWrong):
            return read_tree_head(read_signed(note, line))
    return read_tree_head(read_signed(note, now))


def sealed_ranges(from_position: int, limit: int) -> list[Range]:
    """The next at most `limit` sealed entries from a position on, as ranges in ledger order."""
    ranges: list[Range] = []
    before = Seal.objects.filter(base__lte=from_position).order_by("-base")[:1]
    after = Seal.objects.filter(base__gt=from_position).order_by("base")[:limit]
    left = limit
    for each in [*before, *after]:
        skip = max(from_position - each.base, 0)
        n = min(each.n - skip, left)
        if n > 0:
            ranges.append(Range(each.batch_id, each.base + skip, each.first_id + skip, n))
            left -= n
    return ranges


def cursor(follower: str, *, lock: bool = False) -> int:
    """The position up to which a follower has folded the ledger in; 0 at the beginning.

    lock: inside a transaction, keep others from advancing this follower until its end.
    """
    cursors = FollowerCursor.objects.filter(pk=follower)
    if lock:
        FollowerCursor.objects.bulk_create(
            [FollowerCursor(follower=follower)], ignore_conflicts=True
        )
        cursors = cursors.select_for_update()
    return cursors.values_list("position", flat=True).first() or 0


def batch(batch_id: int) -> Batch | None:
    """A reserved batch, sealed or not."""
    return Batch.objects.filter(pk=batch_id).first()


def seal(batch_id: int) -> Seal | None:
    """The closing row of a batch; None while its entries exist for nobody."""
    return Seal.objects.filter(pk=batch_id).first()


def last_reserved_at() -> datetime | None:
    """When the newest batch was begun."""
    return Batch.objects.order_by("-id").values_list("reserved_at", flat=True).first()


def last_sealed_at() -> datetime | None:
    """When the newest seal was set."""
    return Seal.objects.order_by("-base").values_list("sealed_at", flat=True).first()


def find_keys(keys: Sequence[int]) -> dict[int, list[KeyMatch]]:
    """Sealed entries with these natural keys, newest first, without those withdrawn or revoked."""
    found = {
        key: [match for match in matches if match.standing]
        for key, matches in find_arrivals(keys).items()
    }
    return {key: matches for key, matches in found.items() if matches}


def find_arrivals(keys: Sequence[int]) -> dict[int, list[KeyMatch]]:
    """Every sealed entry with these natural keys, newest first, also those withdrawn or revoked.

    Built for a million keys.
    """
    found: dict[int, list[KeyMatch]] = defaultdict(list)
    for piece in _pieces(keys, _KEYS_AT_ONCE):
        numbers = ",".join(str(int(key)) for key in piece)
        with connection.cursor() as statement:
            statement.execute(
                "SELECT key, id, content, about_id, batch_id, trait, EXISTS (SELECT 1 FROM ledger_entry AS act "
                "WHERE act.about_id = ledger_entry.id AND act.kind = %s) FROM ledger_entry "
                f"WHERE key IN ({numbers}) ORDER BY id DESC",
                [Act.REVOCATION],
            )
            rows = statement.fetchall()
        standing = _standing({row[4] for row in rows})
        for key, entry_id, content, about_id, batch_id, trait, revoked in rows:
            if batch_id in standing:
                stands = standing[batch_id] and not revoked
                found[key].append(KeyMatch(entry_id, content, about_id, batch_id, trait, stands))
    return dict(found)


def _standing(batch_ids: set[int]) -> dict[int, bool]:
    """Those batches that are sealed, and whether each was not withdrawn."""
    standing: dict[int, bool] = {}
    for piece in _pieces(batch_ids, _AT_ONCE):
        sealed = Seal.objects.filter(batch_id__in=piece).values_list("batch_id", flat=True)
        standing |= dict.fromkeys(sealed, True)
        withdrawn = sealed_entries().filter(kind=Act.WITHDRAWAL, about_id__in=piece)
        about = withdrawn.values_list("about_id", flat=True)
        standing |= dict.fromkeys((i for i in about if i in standing), False)
    return standing
