"""A work plan on its way: sent and read, amended, confirmed into mandates and duties, ended; units file their own plans."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.evidence import actions as evidence
from zhengxin.evidence.types import Sent
from zhengxin.journey.acting import act_about
from zhengxin.journey.facts import insist_free_of_numbers
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.showing import plan_end_sheet, plan_sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.types import Draft
from zhengxin.oversight import actions as oversight
from zhengxin.oversight import permissions
from zhengxin.oversight import queries as plans
from zhengxin.oversight.actions import PlanRefused
from zhengxin.oversight.documents.kinds import DocumentRefused, kind_of
from zhengxin.oversight.models import Plan
from zhengxin.oversight.reading import read_plan
from zhengxin.oversight.readings import mandate_json
from zhengxin.oversight.types import Change, PlanDraft
from zhengxin.subjects import queries as subjects


def send_plan(*, content: bytes, filename: str, at: datetime, actor: Actor) -> tuple[int, bool]:
    """Reads a plan and keeps file and reading: its number, and False when these bytes were there before.

    Raises NotAllowed, DocumentRefused (a Refused) when no plan can be read from the file; then nothing is kept.
    """
    permissions.check_compile(actor, office_id=_office_id(at))
    if len(content) > settings.PLAN_BYTES:
        raise DocumentRefused(
            say("没有收下：文件超过{n}兆字节。", n=settings.PLAN_BYTES >> 20),
            say("方案是文字，不会这样大；多半含有图片。"),
            say("请删去图片，或“另存为”纯文本后再上传。"),
        )
    if kinds := kinds_found(filename):
        raise DocumentRefused(
            say("没有收下：文件名里有{kinds}。", kinds=kinds),
            say("确认以后，各单位都看得到文件名。"),
            say("请改掉文件名再上传。"),
        )
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as laid_out:
        laid_out.write(content)
        laid_out.flush()
        path = Path(laid_out.name)
        kind, reading = kind_of(path), read_plan(path)
    plan, new = oversight.receive(
        content=content, filename=filename, kind=kind, reading=reading, at=at, actor=actor
    )
    _log("plan.send", plan, at, actor, sha256=plan.document.sha256, new=new)
    return plan.pk, new


def amend_plan(*, plan_id: int, change: Change, at: datetime, actor: Actor) -> int:
    """Keeps what a person decided beside the reading; returns the amendment's number. Raises NotAllowed, PlanRefused."""
    permissions.check_compile(actor, office_id=_office_id(at))
    insist_on_reason(change.because)
    row = oversight.amend(plan_id=plan_id, change=change, at=at, actor=actor)
    _log("plan.amend", row.plan, at, actor, amendment=row.pk, because=change.because)
    return row.pk


def undo_amendment(*, amendment_id: int, at: datetime, actor: Actor) -> int:
    """Takes such a decision back; returns the plan's number. Raises NotAllowed, PlanRefused."""
    permissions.check_compile(actor, office_id=_office_id(at))
    row = oversight.undo_amendment(amendment_id=amendment_id, at=at, actor=actor)
    _log("plan.undo", row.plan, at, actor, amendment=row.pk)
    return row.plan_id


def discard_plan(*, plan_id: int, because: str, at: datetime, actor: Actor) -> None:
    """A reading that will not be used. Raises NotAllowed, PlanRefused."""
    permissions.check_compile(actor, office_id=_office_id(at))
    insist_on_reason(because)
    oversight.discard(plan_id=plan_id, because=because, at=at, actor=actor)
    _log("plan.discard", plans.plan(plan_id), at, actor, because=because)


@signable
def confirm_plan(
    *, plan_id: int, replaces: int | None, signed: Signed, at: datetime, actor: Actor
) -> int:
    """Another officer than sent it confirms a plan: each task becomes a mandate, each named day a duty.

    replaces: the number of the plan of which this is a new version; it ends with this signature. Returns how many
    mandates there are.
    Raises NotAllowed, PlanRefused while something is in the way.
    """
    row, today = plans.plan(plan_id), timezone.localdate(at)
    permissions.check_confirm(actor, sent_by=row.sent_by)
    pen = take_pen(
        showing=partial(plan_sheet, plan_id, today),
        said={"replaces": replaces},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        plan = oversight.take_turn(plan_id=plan_id, at=at, actor=actor)
        signature = traces(pen.sign())
        draft = _ready(plan, at)
        [entry_id] = ledger.append(
            drafts=[_confirmation(plan, draft, replaces, signature, at, actor)], at=at, actor=actor
        )
        confirmed = ledger_queries.entry(entry_id)
        entries = ledger.append(
            drafts=[
                act_about(
                    confirmed, kind=Act.MANDATE, content=mandate_json(each), at=at, actor=actor
                )
                for each in draft.mandates
            ],
            at=at,
            actor=actor,
        )
        oversight.confirm(
            plan=plan,
            entry_id=entry_id,
            mandates=list(zip(draft.mandates, entries, strict=True)),
            replaces_id=replaces,
            at=at,
            actor=actor,
        )
        if replaces is not None:
            because = say("由《{title}》代替。", title=plan.title)
            _end(replaces, because, signature, at, actor)
        owed = plans.owed(plan_id, opened_on=today, to_id=_office_id(at))
        open_duties(owed=owed, at=at, actor=actor)
        _log("plan.confirm", plan, at, actor, tasks=len(entries), duties=len(owed), **signature)
    follow(at=at, at_most=PATIENCE)
    return len(entries)


def _ready(plan: Plan, at: datetime) -> PlanDraft:
    """What is to be confirmed. Raises PlanRefused while something is in the way."""
    draft = plans.draft(plan, timezone.localdate(at))
    if draft.hindrances:
        first = draft.hindrances[0]
        raise PlanRefused(
            say("没有确认：还有{n}处没有办好。", n=len(draft.hindrances)),
            say("{where}：{because}", where=first.where, because=first.because),
            say("请在方案页上逐处办好，再确认。"),
        )
    return draft


def _confirmation(
    plan: Plan,
    draft: PlanDraft,
    replaces: int | None,
    signature: dict[str, Any],
    at: datetime,
    actor: Actor,
) -> Draft:
    """The entry that opens a plan; it is about nothing that was there before."""
    earlier = plans.plan(replaces).entry_id if replaces else None
    closed = {"by": actor.name, "account": str(actor.account_id or "")}
    if actor.on_behalf_of is not None:
        closed["on_behalf_of"] = actor.on_behalf_of.name
        closed["on_behalf_of_account"] = str(actor.on_behalf_of.account_id)
    return Draft(
        kind=Act.PLAN_CONFIRMED,
        subject_id=None,
        unit_id=actor.unit_id,
        true_on=timezone.localdate(at),
        known_at=at,
        open={
            "title": plan.title,
            "dated": plan.dated.isoformat() if plan.dated else "",
            "sha256": plan.document.sha256,
            "tasks": len(draft.mandates),
            "replaces": earlier,
            **signature,
        },
        closed=closed,
    )


@signable
def end_plan(*, plan_id: int, because: str, signed: Signed, at: datetime, actor: Actor) -> None:
    """An officer ends a confirmed plan; what it made somebody owe stays owed. Raises NotAllowed, PlanRefused."""
    permissions.check_end(actor)
    insist_on_reason(because)
    pen = take_pen(
        showing=partial(plan_end_sheet, plan_id),
        said={"because": because},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        _end(plan_id, because, traces(pen.sign()), at, actor)
    follow(at=at, at_most=PATIENCE)


def _end(plan_id: int, because: str, signature: dict[str, Any], at: datetime, actor: Actor) -> None:
    oversight.end(plan_id=plan_id, because=because, at=at, actor=actor)
    plan = plans.plan(plan_id)
    target = ledger_queries.entry(plan.entry_id or 0)
    content = {"because": because, **signature}
    ledger.append(
        drafts=[act_about(target, kind=Act.PLAN_ENDED, content=content, at=at, actor=actor)],
        at=at,
        actor=actor,
    )
    _log("plan.end", plan, at, actor, because=because, **signature)


def file_implementing_plan(
    *,
    plan_id: int,
    parts: Sequence[int],
    title: str,
    filename: str,
    content: bytes,
    at: datetime,
    actor: Actor,
) -> int:
    """A unit files how it does its mandates; parts: ids of MandateUnit. Returns its number.

    Raises NotAllowed, PlanRefused, EvidenceRefused.
    """
    permissions.check_file(actor)
    insist_free_of_numbers(title)
    units = subjects.visible_units(actor, timezone.localdate(at)) or frozenset()
    own = plans.own_parts(plan_id, units)
    with transaction.atomic():
        [piece] = evidence.keep(sent=[Sent(filename, content)], at=at, actor=actor)
        row = oversight.file_implementing(
            plan_id=plan_id,
            own={part.pk for part in own},
            chosen=parts,
            title=title,
            piece_id=piece.id,
            at=at,
            actor=actor,
        )
        tasks = sorted({part.mandate.number for part in own if part.pk in set(parts)})
        _log(
            "plan.file", row.plan, at, actor, implementing=row.pk, tasks=tasks, sha256=piece.digest
        )
    return row.pk


def _office_id(at: datetime) -> int | None:
    office = subjects.open_government_office(timezone.localdate(at))
    return office.id if office else None


def _log(act: str, plan: Plan, at: datetime, actor: Actor, **detail: Any) -> None:
    audit.record(
        act=act,
        object_kind="plan",
        object_id=plan.pk,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **detail,
    )
