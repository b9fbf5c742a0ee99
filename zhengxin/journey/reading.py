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
from zhengxin.intake import queries as intake_queries
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.refused import Refused
from zhengxin.publication import queries as publication
from zhengxin.subjects import permissions as subject_permissions
from zhengxin.subjects.types import Scope


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A subject's file as one reader may see it: the lines in scope but what is sealed, newest first, and the scope."""

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
    sealed = publication.sealed([line.entry_id for line in lines])
    lines = [line for line in lines if line.entry_id not in sealed]
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


def sign_in_recorded(*, outcome: Outcome, username: str, at: datetime, actor: Actor) -> None:
    """A sign-in, a sign-out or a failed attempt."""
    audit.record(
        act="account.sign_in",
        object_kind="account",
        object_id=username,
        outcome=outcome,
        at=at,
        actor=actor,
    )


def record_reading(
    *,
    act: str,
    object_kind: str,
    object_id: object,
    at: datetime,
    actor: Actor,
    subject_id: int | None = None,
    purpose: str = "",
    **detail: object,
) -> None:
    """Something was shown: a record, a receipt, a page. Called before it is.

    Raises PurposeMissing when a subject's record is read without a purpose.
    """
    audit.record(
        act=act,
        object_kind=object_kind,
        object_id=object_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        subject_id=subject_id,
        purpose=purpose,
        **detail,
    )


def page_answered(
    *, address: str, asked: dict[str, str], sent: bool, refused: bool, at: datetime, actor: Actor
) -> None:
    """A page was opened, or a form was sent, and nothing else said so: lists, searches, forms with faults."""
    outcome = Outcome.REFUSED if refused else Outcome.DONE if sent else Outcome.READ
    audit.record(
        act="page.send" if sent else "page.read",
        object_kind="page",
        object_id=address,
        outcome=outcome,
        at=at,
        actor=actor,
        asked={name: mask_id_numbers(value)[:60] for name, value in asked.items()},
    )


def template_workbook(*, source: str, at: datetime, actor: Actor) -> bytes:
    """The Excel template of a source. Raises Refused when there is no such source."""
    account_permissions.check_submit(actor)
    made = intake_queries.template_workbook(source)
    record_reading(
        act="source.template", object_kind="source", object_id=source, at=at, actor=actor
    )
    return made


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
