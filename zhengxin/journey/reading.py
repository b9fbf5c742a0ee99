"""Reads that are acts: opening a file, handing out a marked workbook, signing in; and refusals, which are logged too."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from zhengxin.accounts import permissions as account_permissions
from zhengxin.archive import queries as archive
from zhengxin.archive.types import FileLine
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_read_audit
from zhengxin.intake import queries as intake_queries
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import permissions as subject_permissions
from zhengxin.subjects.types import Scope


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A subject's file as one reader may see it: the lines in scope, newest first, and the scope."""

    lines: list[FileLine]
    scope: Scope


def open_file(
    *, subject_id: int, purpose: str, at: datetime, actor: Actor, known_on: date | None = None
) -> OpenedFile:
    """Opens a subject's integrity file as known on a day; the reading is logged with its purpose first.

    Raises Refused (and logs the refusal) when the actor may not read it or states no purpose.
    """
    try:
        scope = subject_permissions.check_open_file(
            actor, subject_id=subject_id, purpose=purpose, on=timezone.localdate(at)
        )
    except Refused as refusal:
        record_refusal(
            act="file.open",
            object_kind="subject",
            object_id=str(subject_id),
            refusal=refusal,
            at=at,
            actor=actor,
            subject_id=subject_id,
            purpose=purpose,
        )
        raise
    audit.record(
        act="file.open",
        object_kind="subject",
        object_id=subject_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        subject_id=subject_id,
        purpose=purpose,
        known_on=known_on.isoformat() if known_on else "",
    )
    lines = archive.file_of(subject_id, known_on=known_on)
    if scope.units is not None:
        lines = [x for x in lines if x.unit_id in scope.units or x.unit_id in scope.shared]
    return OpenedFile(lines=lines, scope=scope)


def marked_workbook(*, submission_id: int, at: datetime, actor: Actor) -> BinaryIO:
    """The workbook of faulty rows, for its own sender only: it repeats what the sender wrote."""
    submission = intake_queries.submission(submission_id)
    account_permissions.check_own_submission(actor, unit_id=submission.unit_id)
    audit.record(
        act="submission.marked_workbook",
        object_kind="submission",
        object_id=submission_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
    )
    return intake_queries.marked_workbook(submission_id)


def export_audit(*, since: date, until: date, at: datetime, actor: Actor) -> None:
    """Taking the log of these days away is a read like any other: it stands in the log first."""
    check_read_audit(actor)
    audit.record(
        act="audit.export",
        object_kind="audit",
        object_id=f"{since.isoformat()}/{until.isoformat()}",
        outcome=Outcome.READ,
        at=at,
        actor=actor,
    )


def sign_in_recorded(*, outcome: Outcome, username: str, at: datetime, actor: Actor) -> None:
    """A sign-in, a sign-out or a failed attempt."""
    audit.record(
        act="account.sign_in",
        object_kind="account",
        object_id=username[:64],
        outcome=outcome,
        at=at,
        actor=actor,
    )


def record_refusal(
    *,
    act: str,
    object_kind: str,
    object_id: str,
    refusal: Refused,
    at: datetime,
    actor: Actor,
    subject_id: int | None = None,
    purpose: str = "",
) -> None:
    """A refusal is an act too: who was refused what, and why."""
    with transaction.atomic():
        audit.record(
            act=act,
            object_kind=object_kind,
            object_id=object_id,
            outcome=Outcome.REFUSED,
            at=at,
            actor=actor,
            subject_id=subject_id,
            purpose=purpose,
            why=str(refusal),
        )
