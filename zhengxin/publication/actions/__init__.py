"""The verbs of publication: follow the ledger, fill the board, write the downloads and the mirror."""

from zhengxin.publication.actions.downloads import sweep_downloads, write_downloads
from zhengxin.publication.actions.ending import settle_repair
from zhengxin.publication.actions.erasing import ERASABLE, take_off
from zhengxin.publication.actions.following import clear, follow
from zhengxin.publication.actions.letters import (
    empty_letter,
    put_letter_key,
    put_standings,
    waiting_letters,
)
from zhengxin.publication.actions.marking import show_marks
from zhengxin.publication.actions.mirroring import (
    MirrorAhead,
    put_key_notes,
    put_witnesses,
    write_mirror,
)
from zhengxin.publication.actions.planning import put_plans, put_story
from zhengxin.publication.actions.publishing import publish_due
from zhengxin.publication.actions.redrawing import redraw
from zhengxin.publication.actions.registering import (
    end_recipient,
    name_county,
    register_recipient,
)

__all__ = [
    "ERASABLE",
    "MirrorAhead",
    "StillBeingRead",
    "clear",
    "empty_letter",
    "end_recipient",
    "follow",
    "name_county",
    "publish_due",
    "put_key_notes",
    "put_letter_key",
    "put_plans",
    "put_standings",
    "put_story",
    "put_witnesses",
    "redraw",
    "register_recipient",
    "settle_repair",
    "show_marks",
    "sweep_downloads",
    "take_off",
    "waiting_letters",
    "write_downloads",
    "write_mirror",
]
