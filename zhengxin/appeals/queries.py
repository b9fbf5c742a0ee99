"""Reads of appeals, and of the decisions they are about."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.appeals import rules
from zhengxin.appeals.enums import APPEALABLE, AppealState
from zhengxin.appeals.models import Appeal
from zhengxin.appeals.rules import NoSuchDecision as NoSuchDecision
from zhengxin.appeals.types import Decision
from zhengxin.archive.changes import codes
from zhengxin.duties.models import Duty
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.publication import queries as publication
from zhengxin.subjects import queries as subjects

_LINKS = 4


class UnknownAppeal(Refused):
    """No appeal has this number."""


def appeal(appeal_id: int) -> Appeal:
    """One appeal. Raises UnknownAppeal."""
    found = Appeal.objects.filter(pk=appeal_id).first()
    if found is None:
        raise UnknownAppeal(_("没有找到这件申诉。"), "", _("请从申诉列表中打开。"))
    return found


def decision(entry_id: int) -> Decision:
    """A decision that may be appealed against. Raises NoSuchDecision: also of a record that is given to nobody."""
    act = Entry.objects.filter(pk=entry_id, kind__in=APPEALABLE).first()
    record = _record_behind(act) if act is not None else None
    contents = ledger.payloads([entry_id])
    if act is None or record is None or entry_id not in contents:
        raise rules.NoSuchDecision
    if record.id in publication.sealed([record.id]):
        raise rules.NoSuchDecision
    closed = contents[entry_id].closed
    accounts = (closed.get("account", ""), closed.get("on_behalf_of_account", ""))
    card = subjects.subject_card(record.subject_id) if record.subject_id else None
    return Decision(
        entry_id=entry_id,
        kind=act.kind,
        record_id=record.id,
        subject_id=record.subject_id,
        person=card is None or card.natural_person,
        unit_id=act.unit_id or record.unit_id or 0,
        decided_on=timezone.localdate(act.known_at),
        decided_by=frozenset(int(each) for each in accounts if each),
    )


def decisions_about(record_id: int) -> list[int]:
    """Numbers of the decisions about a record that may be appealed against and were not, newest first."""
    kinds = [str(each) for each in APPEALABLE]
    direct = Entry.objects.filter(about_id=record_id, kind__in=kinds)
    through = Entry.objects.filter(
        about_id__in=Entry.objects.filter(about_id=record_id).values("id"), kind__in=kinds
    )
    taken = Appeal.objects.filter(record_id=record_id).exclude(state=AppealState.WITHDRAWN)
    found = {*direct.values_list("id", flat=True), *through.values_list("id", flat=True)}
    return sorted(found - set(taken.values_list("against_id", flat=True)), reverse=True)


def appeals(units: Collection[int] | None, *, state: str = "") -> QuerySet[Appeal]:
    """Appeals newest first; units: None is all, else those that concern them or that they took in."""
    rows = Appeal.objects.order_by("-id")
    if units is not None:
        own = list(units)
        rows = rows.filter(
            Q(unit_id__in=own) | Q(taken_by_id__in=own) | Q(subject_id__in=own, person=False)
        )
    return rows.filter(state=state) if state else rows


def duties_of(rows: Collection[Appeal]) -> dict[int, Duty]:
    """By appeal: the duty to review it."""
    found = Duty.objects.in_bulk([row.duty_id for row in rows if row.duty_id])
    return {row.pk: found[row.duty_id] for row in rows if row.duty_id in found}


def appeal_of_duty(duty: Duty) -> Appeal | None:
    """The appeal that opened this duty, if one did."""
    column = {"appeal_decision": "duty_id", "appeal_redo": "redo_duty_id"}.get(duty.kind)
    return Appeal.objects.filter(**{column: duty.pk}).first() if column else None


def set_aside(entry_id: int) -> bool:
    """Whether this decision was set aside on appeal."""
    return Appeal.objects.filter(against_id=entry_id, state=AppealState.SET_ASIDE).exists()


def _record_behind(act: Entry) -> Entry | None:
    """The record that an act is about, directly or through the acts between."""
    records, found = codes(), act
    for _step in range(_LINKS):
        if found.about_id is None:
            return None
        found = ledger.entry(found.about_id)
        if found.kind in records:
            return found
    return None
