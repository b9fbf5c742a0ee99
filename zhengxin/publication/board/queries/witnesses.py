"""Who outside has seen the tree up to when, as the board was last told."""

from datetime import datetime

from zhengxin.publication.board.queries.figures import figure
from zhengxin.publication.board.types import WitnessSeen
from zhengxin.publication.enums import Standing

# The figure: {"seen": [office, name, verifier, size, signed_at, silent_after of each], "cosigned": note}.
WITNESSES = "witnesses"
# The figure: {"notes": every note in which one of the log's keys named the next}.
KEY_NOTES = "key_notes"


def witnesses(at: datetime) -> list[WitnessSeen]:
    """The configured witnesses; how each stands is told at `at`, so that silence shows by itself."""
    return [_seen(row, at) for row in figure(WITNESSES, {}).get("seen", [])]


def cosigned_note() -> str | None:
    """The largest checkpoint that a witness co-signed, with its cosignatures."""
    found = figure(WITNESSES, {}).get("cosigned")
    return None if found is None else str(found)


def key_notes() -> str:
    """What the log's keys said of their successors, "" for nothing."""
    return str(figure(KEY_NOTES, {}).get("notes", ""))


def standing(signed_at: datetime | None, silent_after: int, at: datetime) -> Standing:
    """How a witness stands that last co-signed at `signed_at` and may be silent for so many days."""
    if signed_at is None:
        return Standing.NEVER
    return Standing.SILENT if (at - signed_at).days >= silent_after else Standing.CURRENT


def _seen(row: dict[str, str | int | None], at: datetime) -> WitnessSeen:
    signed_at = datetime.fromisoformat(str(row["signed_at"])) if row["signed_at"] else None
    found = standing(signed_at, int(row["silent_after"] or 0), at)
    return WitnessSeen(
        office=str(row["office"]),
        name=str(row["name"]),
        verifier=str(row["verifier"]),
        size=None if row["size"] is None else int(row["size"]),
        signed_at=signed_at,
        standing=found,
        standing_label=str(found.label),
        days=None if signed_at is None else max((at - signed_at).days, 0),
    )
