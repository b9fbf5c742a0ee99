"""Rows of the tables from drafts: secrets, commitments, leaves, ciphertexts. Pure."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from zhengxin.kernel.digests import canonical_json
from zhengxin.ledger.commitments import content_digest, moment, quick_commitment, quick_leaf
from zhengxin.ledger.sealing import Sealing, encrypt, payload_bytes
from zhengxin.ledger.types import Draft


class Row(NamedTuple):
    """One draft with its content as canonical JSON: what drafts.parquet holds, in this order."""

    seq: int
    kind: str
    subject_id: int | None
    unit_id: int | None
    true_on: date | None
    key: int | None
    content: int | None
    about_id: int | None
    trait: str
    open_json: str
    text_json: str
    closed_json: str


DRAFT_COLUMNS: tuple[str, ...] = Row._fields

ENTRY_COLUMNS = (
    "id",
    "batch_id",
    "kind",
    "subject_id",
    "unit_id",
    "true_on",
    "known_at",
    "key",
    "content",
    "about_id",
    "trait",
    "commitment",
    "leaf",
)


@dataclass(slots=True)
class Rows:
    """Finished rows of three tables, for one short transaction a store."""

    entries: list[tuple[Any, ...]] = field(default_factory=list)
    payloads: list[tuple[int, bytes]] = field(default_factory=list)
    # Not yet wrapped: entry id, 32 bytes, epoch of the content.
    secrets: list[tuple[int, bytes, int]] = field(default_factory=list)


def row_of(seq: int, draft: Draft) -> Row:
    """The draft with its content turned to canonical JSON. Raises NotCanonical on floats and the like."""
    return Row(
        seq,
        draft.kind,
        draft.subject_id,
        draft.unit_id,
        draft.true_on,
        draft.key,
        draft.content,
        draft.about_id,
        draft.trait,
        canonical_json(dict(draft.open)).decode(),
        canonical_json(dict(draft.text)).decode(),
        canonical_json(dict(draft.closed)).decode(),
    )


def build(
    rows: Iterable[Sequence[Any]],
    *,
    batch_id: int,
    first_id: int,
    known_at: datetime,
    sealing: Sealing,
    known_secrets: Mapping[int, tuple[bytes, Sealing]],
    pepper: bytes | None = None,
) -> Rows:
    """Table rows for draft rows (in the order of Row); entry id = first_id + seq.

    sealing: how contents are encrypted now. known_secrets: secrets that an interrupted attempt
    already stored, and how it encrypted; they are used again.
    pepper: digest the contents of rows that come without a digest.
    """
    built = Rows()
    known = known_at.astimezone(UTC).replace(microsecond=0)
    known_text = moment(known)
    rows = list(rows)
    fresh = os.urandom(32 * len(rows))
    for number, row in enumerate(rows):
        seq, kind, subject, unit, true_on, key, content, about, trait, opened, text, closed = row
        entry_id = first_id + seq
        if entry_id in known_secrets:
            secret, sealed_by = known_secrets[entry_id]
        else:
            secret, sealed_by = fresh[32 * number : 32 * number + 32], sealing
            built.secrets.append((entry_id, secret, sealing.origin))
        open_json, closed_json, text_json = opened.encode(), closed.encode(), text.encode()
        if content is None and pepper is not None:
            content = content_digest(pepper, open_json, text_json, closed_json)
        committed = quick_commitment(secret, open_json, text, closed_json, key, content)
        leaf = quick_leaf(
            entry_id,
            kind,
            subject,
            unit,
            None if true_on is None else true_on.isoformat(),
            known_text,
            about,
            trait,
            committed.hex(),
        )
        plain = payload_bytes(open_json, text_json, closed_json)
        built.payloads.append((entry_id, encrypt(sealed_by, secret, entry_id, plain)))
        built.entries.append(
            (
                entry_id,
                batch_id,
                kind,
                subject,
                unit,
                true_on,
                known,
                key,
                content,
                about,
                trait,
                committed,
                leaf,
            )
        )
    return built
