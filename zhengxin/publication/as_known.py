"""How a record stood towards the public as known on a day: by the ledger up to its end, and the law of the document's day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhengxin.archive.queries import line_on
from zhengxin.ledger.models import Entry
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.judging import Mark, Said, doubted, judged, marks, said, stands


@dataclass(frozen=True, slots=True)
class StandingOn:
    """What one would have read that evening: state and ground in words, the period, why, whether an objection ran.

    rule: the address of the display rule in law/, "" for none.
    """

    on: date
    state: str
    withheld: str
    display_from: date | None
    display_to: date | None
    repair_from: date | None
    because: str
    rule: str
    disputed: bool


def standing_on(entry_id: int, on: date) -> StandingOn | None:
    """None while the record was not known. What a person withheld, released, graded or repaired counts from its day.

    That a record waited because it resembles one that was withheld is not told of earlier days: it is worked out
    from what is withheld now.
    """
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
    entry = Entry.objects.filter(id=entry_id, known_at__lt=end).first()
    line = line_on(entry_id, end)
    if entry is None or line is None:
        return None
    words = said([entry_id], before=end)
    spoken = words.get(entry_id, Said())
    verdict = judged([entry], words, end)[entry_id]
    review = entry_id in doubted([entry_id], before=end)
    state, withheld = stands(verdict, spoken, ending=line.ending, review=review)
    if state == NoticeState.SCHEDULED:
        over = verdict.display_to is not None and verdict.display_to < on
        state = NoticeState.ENDED if over else NoticeState.SHOWN
        withheld = WithholdReason.PERIOD_OVER if over else ""
    return StandingOn(
        on=on,
        state=str(NoticeState(state).label),
        withheld=str(WithholdReason(withheld).label) if withheld else "",
        display_from=verdict.display_from,
        display_to=verdict.display_to,
        repair_from=verdict.repair_from,
        because=verdict.because,
        rule=verdict.rule,
        disputed=marks([entry_id], end).get(entry_id, Mark()).open > 0,
    )
