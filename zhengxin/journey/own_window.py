"""A unit's own window: every entry about itself, how each stands towards the public, and who read its file."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.archive import queries as archive
from zhengxin.archive.types import FileLine
from zhengxin.audit import actions as audit
from zhengxin.audit import queries as readings
from zhengxin.audit.enums import Outcome
from zhengxin.audit.types import Reading
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.publication import queries as publication
from zhengxin.publication.as_known import StandingOn, standing_on
from zhengxin.publication.models import Notice
from zhengxin.subjects import permissions, queries

READINGS = 20


class NoSuchRecord(Refused):
    """No record of this number that may be asked about."""


@dataclass(frozen=True, slots=True)
class OwnWindow:
    """What a unit sees of itself.

    lines: newest first, without what is sealed; notices: by entry id; readings: newest first, of its file and of
    single records in it; older: from which line of the log the next page of readings goes on, None at the end.
    """

    unit_id: int
    lines: tuple[FileLine, ...]
    notices: dict[int, Notice]
    readings: tuple[Reading, ...]
    older: int | None


def open_own_window(
    *, before: int | None = None, known_on: date | None = None, at: datetime, actor: Actor
) -> OwnWindow:
    """The window of the actor's unit, as known on a day; also what is known of the units it follows.

    The look is logged as any other; no purpose is asked of whom it concerns. before: a line of the log, for older
    readings. Raises NotAllowed.
    """
    permissions.check_own_window(actor)
    own = actor.unit_id or 0
    return _window(own, before=before, known_on=known_on, at=at, actor=actor)


def open_window_of(
    *, subject_id: int, known_on: date | None = None, at: datetime, actor: Actor
) -> OwnWindow:
    """The same for a firm or a unit that asks at the counter; the first readings only.

    Raises NotAllowed: natural persons are answered with their file, where a purpose is stated.
    """
    permissions.check_window_of(actor, subject_id=subject_id)
    return _window(subject_id, before=None, known_on=known_on, at=at, actor=actor)


def look_at_standing(*, entry_id: int, on: date, at: datetime, actor: Actor) -> StandingOn | None:
    """How a record stood towards the public as known on a day, None while it was not known; the look is logged.

    Raises NoSuchRecord: of what is sealed as of what there is not.
    """
    entry = ledger.entries([entry_id]).first()
    if entry is None or publication.notice(entry_id) is None or publication.sealed([entry_id]):
        raise NoSuchRecord(
            _("没有第 {n} 号记录。").format(n=entry_id),
            _("编号有误，或者它不是一条可以查询的记录。"),
            _("请核对编号。"),
        )
    audit.record(
        act="entry.read",
        object_kind="entry",
        object_id=entry_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        subject_id=entry.subject_id,
        purpose=_("查询公示情况"),
        known_on=on.isoformat(),
    )
    return standing_on(entry_id, on)


def _window(
    subject_id: int, *, before: int | None, known_on: date | None, at: datetime, actor: Actor
) -> OwnWindow:
    audit.record(
        act="own.open",
        object_kind="subject",
        object_id=subject_id,
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        subject_id=subject_id,
        purpose=_("当事人查看自己的记录"),
    )
    selves = queries.lineage(subject_id, timezone.localdate(at))
    found = [line for each in selves for line in archive.file_of(each, known_on=known_on)]
    sealed = publication.sealed([line.entry_id for line in found])
    lines = sorted(
        (line for line in found if line.entry_id not in sealed), key=lambda line: -line.entry_id
    )
    looks = readings.readers_of(selves, before=before, limit=READINGS + 1)
    shown = tuple(looks[:READINGS])
    return OwnWindow(
        unit_id=subject_id,
        lines=tuple(lines),
        notices=publication.notices([line.entry_id for line in lines]),
        readings=shown,
        older=shown[-1].line_id if len(looks) > READINGS else None,
    )
