"""The verbs of the audit log: write a line, close a block of lines, remove contents past their term."""

import os
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengxin.audit.enums import Outcome
from zhengxin.audit.models import AuditDisposal, AuditLine, AuditSeal
from zhengxin.audit.queries import line_of, past_term
from zhengxin.audit.types import Block, Cutoffs, Line
from zhengxin.audit.writing import writing
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.refused import Refused

# Lines that lose their content in one short transaction.
_AT_ONCE = 5_000


class PurposeMissing(Refused):
    """A personal file may not be opened without saying why."""


class BlockTaken(Exception):
    """Another process sealed the next block meanwhile."""


def record(
    *,
    act: str,
    object_kind: str,
    object_id: object,
    outcome: str,
    at: datetime,
    actor: Actor,
    subject_id: int | None = None,
    purpose: str = "",
    **detail: object,
) -> Line:
    """Write one line; also during a GET request.

    `subject_id` is the subject whose file was touched; reading one without a purpose (here or on
    the actor) raises PurposeMissing. Identity numbers are masked before writing, also where
    an address or a user name was typed. A person acting by delegation stands in the line under
    their own name, with the holder of the post beside it. Raises NotCanonical when a detail is no
    text, whole number, truth value or list or mapping of these: a line must have one form to be hashed.
    """
    if actor.on_behalf_of is not None:
        detail["on_behalf_of"] = actor.on_behalf_of.name
        detail["on_behalf_of_account"] = actor.on_behalf_of.account_id
    stated = (purpose or actor.purpose).strip()
    if outcome == Outcome.READ and subject_id is not None and not stated:
        raise PurposeMissing(
            _("您不能查看这份档案：查看要先选用途。"),
            _("每次查看都要记下查看人、时间和用途，当事人可以查阅这份记录。"),
            _("请选择用途后再打开。"),
        )
    told = {key: _masked(value) for key, value in detail.items()}
    canonical_json(told)
    with writing():
        line = AuditLine.objects.create(
            at=at,
            account_id=actor.account_id,
            actor_name=_plain(actor.name)[:100],
            unit_id=actor.unit_id,
            act=act,
            object_kind=object_kind,
            # Masked before it is cut: a part of a number is one, too.
            object_id=_plain(str(object_id))[:64],
            subject_id=subject_id,
            purpose=_plain(stated)[:200],
            outcome=outcome,
            detail=told,
            salt=os.urandom(16),
        )
    return line_of(line)


def _plain(text: str) -> str:
    """Without identity numbers, nor the zero character that an address may carry and a database refuses."""
    return mask_id_numbers(text.replace("\0", "\ufffd"))


def _masked(value: object) -> object:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {_plain(key): _masked(each) for key, each in value.items()}
    return value


def seal(*, block: Block, entry_id: int, at: datetime, actor: Actor) -> None:
    """Close a block whose root stands in the ledger entry, in the transaction that appended it.

    Raises BlockTaken when the block before it is no longer the last one.
    """
    last = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if block.number != last + 1:
        raise BlockTaken
    AuditSeal.objects.create(
        number=block.number,
        first_id=block.first_id,
        last_id=block.last_id,
        n=block.n,
        runs=block.runs,
        leaves=block.leaves,
        root=block.root,
        entry_id=entry_id,
        sealed_at=at,
    )


def decide_disposal(
    *,
    number: int,
    cutoffs: Cutoffs,
    last_id: int,
    n: int,
    digest: bytes,
    entry_id: int,
    at: datetime,
    actor: Actor,
) -> None:
    """Write down that the content of n sealed lines goes, in the transaction that told the ledger."""
    assert actor.account_id is not None, "a named audit administrator decides"
    AuditDisposal.objects.create(
        number=number,
        at=at,
        account_id=actor.account_id,
        actor_name=actor.name,
        reads_before=cutoffs.reads,
        subjects_before=cutoffs.subjects,
        others_before=cutoffs.others,
        last_id=last_id,
        n=n,
        digest=digest,
        entry_id=entry_id,
    )


def dispose(*, number: int, at: datetime, actor: Actor) -> int:
    """Remove the contents a disposal covers, some thousand lines a transaction; returns how many.

    Broken off anywhere, the same call does the rest. Not inside a transaction: on SQLite the old
    contents are overwritten in the file, too.
    """
    decided = AuditDisposal.objects.get(pk=number)
    cutoffs = Cutoffs(decided.reads_before, decided.subjects_before, decided.others_before)
    lines = past_term(cutoffs, decided.last_id)
    if connection.vendor == "sqlite":
        _run("PRAGMA secure_delete=ON")
    done = 0
    while ids := list(lines.order_by("id").values_list("id", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            done += lines.filter(id__gte=ids[0], id__lte=ids[-1]).update(
                account_id=None,
                actor_name="",
                unit_id=None,
                act="",
                object_kind="",
                object_id="",
                subject_id=None,
                purpose="",
                detail={},
                salt=None,
                disposal_id=number,
            )
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _run("PRAGMA secure_delete=OFF")
        _run("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
