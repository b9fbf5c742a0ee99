"""A proposed rule tried on past years: a reading, logged like any other."""

from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.publication.rehearsing import Rehearsal, rehearse


class PeriodWrong(Refused):
    """A period that ends before it begins."""


def rehearse_law(
    *, folder: Path, since: date, until: date, at: datetime, actor: Actor
) -> Rehearsal:
    """What a proposed law folder would have said of the records of a period, beside what the law in use says.

    Raises PeriodWrong, LawUnreadable (file and line of what is wrong in the folder).
    """
    if since > until:
        raise PeriodWrong(
            _("试算的起止日期不对。"),
            _("起始日{since}晚于截止日{until}。").format(since=since, until=until),
            _("请改正日期。"),
        )
    audit.record(
        act="law.rehearse",
        object_kind="law",
        object_id=folder.name[:64],
        outcome=Outcome.READ,
        at=at,
        actor=actor,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return rehearse(folder, since=since, until=until)
