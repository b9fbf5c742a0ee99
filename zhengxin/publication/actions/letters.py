"""The letterbox from the house's side: its key, what lies in it, and how objections stand by their codes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from zhengxin.kernel.actor import Actor
from zhengxin.publication.board.letters import KEY, Letter, Standing
from zhengxin.publication.board.models import BoardFigure, BoardLetter, BoardStanding

_DAYS = ("label", "lodged_on", "decided_on", "closed_on")


def put_letter_key(*, public: bytes, at: datetime, actor: Actor) -> None:
    """Letters are sealed to this key from now on."""
    BoardFigure.objects.using("board").update_or_create(
        name=KEY, defaults={"value": public.hex(), "computed_at": at}
    )


def waiting_letters(*, limit: int, at: datetime, actor: Actor) -> list[Letter]:
    """The eldest letters that were not taken in yet."""
    found = BoardLetter.objects.using("board").filter(sealed__isnull=False).order_by("id")
    return [
        Letter(row.id, row.sent_at, row.code_digest, bytes(row.sealed or b""))
        for row in found[:limit]
    ]


def empty_letter(*, letter_id: int, at: datetime, actor: Actor) -> None:
    """A letter was taken in: its content goes, its place still counts for the day."""
    BoardLetter.objects.using("board").filter(id=letter_id).update(sealed=None)


def put_standings(*, rows: Sequence[Standing], at: datetime, actor: Actor) -> None:
    """How these objections stand now."""
    BoardStanding.objects.using("board").bulk_create(
        [BoardStanding(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["code_digest"],
        update_fields=list(_DAYS),
        batch_size=500,
    )
