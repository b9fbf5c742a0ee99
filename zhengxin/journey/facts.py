"""A fact of a case as the ledger takes it in: what a named person did, with the files that came with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.evidence import actions as evidence
from zhengxin.evidence.types import Sent
from zhengxin.journey.acting import act_about, act_alone
from zhengxin.journey.reasons import NumberInReason
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that was taken in: its entry, and its files as the entry names them."""

    entry_id: int
    files: list[dict[str, Any]]


def keep_fact(
    *,
    kind: str,
    unit_id: int,
    content: Mapping[str, Any],
    about_id: int | None = None,
    files: Sequence[Sent] = (),
    at: datetime,
    actor: Actor,
) -> Kept:
    """Appends the fact, about another entry where one is named, and writes the audit line. Raises EvidenceRefused.

    unit_id: whom it concerns. In the transaction of the case's own act.
    """
    pieces = [
        {"piece": each.id, "name": each.name, "digest": each.digest, "size": each.size}
        for each in evidence.keep(sent=files, at=at, actor=actor)
    ]
    said = {**content, "files": pieces} if pieces else dict(content)
    if about_id is None:
        draft = act_alone(kind=kind, unit_id=unit_id, content=said, at=at, actor=actor)
    else:
        target = ledger_queries.entry(about_id)
        draft = act_about(target, kind=kind, content=said, at=at, actor=actor)
        draft = replace(draft, subject_id=None, unit_id=unit_id)
    [entry_id] = ledger.append(drafts=[draft], at=at, actor=actor)
    audit.record(
        act=kind,
        object_kind="entry",
        object_id=entry_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        concerns=unit_id,
        day=timezone.localdate(at).isoformat(),
        **{name: value for name, value in said.items() if name in ("signature", "signed")},
    )
    return Kept(entry_id, pieces)


def insist_free_of_numbers(*texts: str) -> None:
    """Raises NumberInReason when a number of a person stands in one of these."""
    for text in texts:
        if kinds := kinds_found(text):
            raise NumberInReason(
                say("没有办理：文字里有{kinds}。", kinds=kinds),
                say("它会写进登记簿，别的单位也看得到。"),
                say("请删去号码再提交；要指明是谁，写文书号。"),
            )


def own_units(actor: Actor, at: datetime) -> frozenset[int]:
    """The actor's own unit and those it followed."""
    if actor.unit_id is None:
        return frozenset()
    return subjects.lineage(actor.unit_id, timezone.localdate(at))
