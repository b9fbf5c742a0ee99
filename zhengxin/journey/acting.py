"""Acts as the ledger takes them in: what a named person did about an entry."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Draft


def act_about(
    target: Entry, *, kind: str, content: Mapping[str, Any], at: datetime, actor: Actor
) -> Draft:
    """The draft of a named person's act about an entry; by delegation, with whose post it was done in."""
    return Draft(
        kind=kind,
        subject_id=target.subject_id,
        unit_id=target.unit_id,
        true_on=timezone.localdate(at),
        known_at=at,
        open=content,
        text={},
        closed=_by(actor),
        about_id=target.id,
    )


def act_alone(
    *, kind: str, unit_id: int, content: Mapping[str, Any], at: datetime, actor: Actor
) -> Draft:
    """The draft of a named person's act that concerns a unit and is about no other entry."""
    return Draft(
        kind=kind,
        subject_id=None,
        unit_id=unit_id,
        true_on=timezone.localdate(at),
        known_at=at,
        open=content,
        closed=_by(actor),
    )


def _by(actor: Actor) -> dict[str, str]:
    signed = {"by": actor.name, "account": str(actor.account_id or "")}
    if actor.on_behalf_of is not None:
        signed["on_behalf_of"] = actor.on_behalf_of.name
        signed["on_behalf_of_account"] = str(actor.on_behalf_of.account_id)
    return signed


def revocations(
    entry_ids: Iterable[int], *, because: str, at: datetime, actor: Actor
) -> Iterator[Draft]:
    """Acts that end these entries, and the same contents of other subjects that they superseded."""
    for entry_id in entry_ids:
        entry = ledger_queries.entry(entry_id)
        content = entry.content
        while True:
            yield act_about(
                entry, kind=Act.REVOCATION, content={"because": because}, at=at, actor=actor
            )
            if entry.about_id is None:
                break
            entry = ledger_queries.entry(entry.about_id)
            if content is None or entry.content != content:
                break
