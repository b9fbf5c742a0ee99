"""Everything the portal and the exchange may ask. It opens the board and no other store."""

from zhengxin.publication.board.queries.figures import (
    article_of,
    county,
    entries_total,
    repair_words,
    rules_in_force,
    updated_at,
    withheld,
)
from zhengxin.publication.board.queries.finding import search
from zhengxin.publication.board.queries.items import (
    corrections,
    item,
    items,
    kinds,
    latest,
    latest_corrections,
    listing,
    shown_now,
    subject_page,
)
from zhengxin.publication.board.queries.plans import plan, plans, story
from zhengxin.publication.board.queries.proofs import checkpoint, item_proof, tile
from zhengxin.publication.board.queries.recipients import holder, key_digest, recipient
from zhengxin.publication.board.queries.units import home, unit_list, unit_page
from zhengxin.publication.board.queries.witnesses import cosigned_note, standing, witnesses

__all__ = [
    "article_of",
    "checkpoint",
    "corrections",
    "cosigned_note",
    "county",
    "entries_total",
    "holder",
    "home",
    "item",
    "item_proof",
    "items",
    "key_digest",
    "kinds",
    "latest",
    "latest_corrections",
    "listing",
    "plan",
    "plans",
    "recipient",
    "repair_words",
    "rules_in_force",
    "search",
    "shown_now",
    "standing",
    "story",
    "subject_page",
    "tile",
    "unit_list",
    "unit_page",
    "updated_at",
    "withheld",
    "witnesses",
]
