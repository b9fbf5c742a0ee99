"""Pieces by their ids, and their bytes."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhengxin.evidence.models import Content, Piece
from zhengxin.evidence.types import PieceLine
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind

NONCE = 12


def key() -> bytes:
    """The 32 bytes under which all pieces rest."""
    return keyring.made(KeyKind.EVIDENCE, "aes-256-gcm")


def line(piece: Piece) -> PieceLine:
    """A piece as others receive it."""
    return PieceLine(
        piece.pk, piece.name, piece.kind, piece.size, piece.digest, piece.unit_id, piece.kept_at
    )


def pieces(ids: Iterable[int]) -> dict[int, PieceLine]:
    """Those of these pieces that exist, by id."""
    return {piece.pk: line(piece) for piece in Piece.objects.filter(pk__in=set(ids))}


def content(piece_id: int) -> bytes:
    """The bytes of a piece that exists."""
    kept = Content.objects.select_related("piece").get(pk=piece_id)
    sealed = bytes(kept.sealed)
    return AESGCM(key()).decrypt(sealed[:NONCE], sealed[NONCE:], kept.piece.digest.encode())
