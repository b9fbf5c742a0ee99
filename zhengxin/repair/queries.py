"""Reads of repair: what the conditions say of a record, one application, lists of them."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.duties.models import Duty
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.publication import queries as publication
from zhengxin.publication.models import Notice
from zhengxin.repair.enums import RUNNING, RepairState
from zhengxin.repair.models import Application
from zhengxin.repair.rules import insist_may, judge
from zhengxin.repair.types import Facts, Ground, Verdict
from zhengxin.rulebook import queries as rulebook
from zhengxin.rulebook.enums import DisplayMode
from zhengxin.rulebook.types import DisplayRule
from zhengxin.subjects.models import Subject

_KINDS = ("repair_acceptance", "repair_decision")


class UnknownRecord(Refused):
    """There is no such record, or it is given to nobody: both are said alike."""


class UnknownApplication(Refused):
    """No application has this number."""


def record(entry_id: int) -> Notice:
    """The standing of a record that may be asked about. Raises UnknownRecord."""
    found = publication.notice(entry_id)
    if found is None or publication.sealed([entry_id]):
        raise UnknownRecord(
            _("没有找到这条记录。"), _("编号有误，或者它不是信用记录。"), _("请核对记录的编号。")
        )
    return found


def self_check(entry_id: int, on: date) -> Verdict:
    """Whether repair of this record may be applied for on that day, and under which articles. Raises UnknownRecord."""
    notice = record(entry_id)
    entry = ledger.entry(entry_id)
    rule = _rule(notice, entry)
    return judge(_facts(notice, entry, rule), ground(notice, entry, on), on)


def insist_may_apply(entry_id: int, on: date) -> Notice:
    """The record's standing, where repair may be applied for on that day.

    Raises UnknownRecord, NotYet with the earliest day and the article.
    """
    found = record(entry_id)
    insist_may(self_check(entry_id, on))
    return found


def _rule(notice: Notice, entry: Entry) -> DisplayRule | None:
    """The display rule of the record's kind and grade, in force on the day of its document."""
    if not notice.rule or entry.true_on is None:
        return None
    return rulebook.display_rule(notice.kind, notice.grade or None, entry.true_on)


def _facts(notice: Notice, entry: Entry, rule: DisplayRule | None) -> Facts:
    earlier = Application.objects.filter(entry_id=notice.entry_id).order_by("-id")
    running = earlier.filter(state__in=RUNNING).first()
    refused = earlier.filter(state=RepairState.REFUSED).first()
    person = Subject.objects.filter(pk=notice.subject_id).values_list("natural_person", flat=True)
    return Facts(
        adverse=notice.adverse,
        natural_person=person.first() is not False,
        listed=_listed(notice),
        grade=notice.grade,
        state=notice.state,
        withheld=notice.withheld,
        withheld_words=str(notice.get_withheld_display()),
        # Also of what is not shown by default, whose notice has no such day.
        repair_from=rule.repairable_from(entry.true_on) if rule and entry.true_on else None,
        display_to=notice.display_to,
        disputed=notice.disputed,
        open_receipt=running.receipt if running else "",
        again_on=refused.again_on if refused and not _set_aside(refused) else None,
    )


def _set_aside(refused: Application) -> bool:
    """Whether the refusal was set aside on appeal: then the day it named binds nobody."""
    acts = Entry.objects.filter(about_id=refused.filed_entry_id, kind=Act.REPAIR_REFUSED)
    aside = Entry.objects.filter(kind=Act.APPEAL_SET_ASIDE, about_id__in=acts.values("id"))
    return aside.exists()


def _listed(notice: Notice) -> bool:
    modes = {rule.mode for rule in rulebook.law().display_rules if rule.record_kind == notice.kind}
    return DisplayMode.WHILE_LISTED in modes


def ground(notice: Notice, entry: Entry, on: date) -> Ground:
    """The sentences and articles that hold for this record: its minimum by the document's day, the rest by the day asked."""
    rule = _rule(notice, entry)
    minimum, article = (rule.rule, rule.citation.text) if rule else ("", "")
    return Ground(minimum, article, *_said("repair_conditions", on), *_said("repair_materials", on))


def ground_of(entry_id: int, on: date) -> Ground:
    """The same, by the record's number. Raises UnknownRecord."""
    return ground(record(entry_id), ledger.entry(entry_id), on)


def _said(name: str, on: date) -> tuple[str, str]:
    try:
        parameter = rulebook.parameter(name, on)
    except rulebook.NoRule:
        return "", ""
    return str(parameter.value), parameter.citation.text


def effect(on: date) -> tuple[str, str]:
    """What a granted repair ends, and the article; empty before that was law."""
    return _said("repair_effect", on)


def application(application_id: int) -> Application:
    """One application. Raises UnknownApplication."""
    found = Application.objects.filter(pk=application_id).first()
    if found is None:
        raise UnknownApplication(
            _("没有找到这件修复申请。"), "", _("请从修复申请列表中打开，或者核对受理编号。")
        )
    return found


def applications(
    units: Collection[int] | None, *, state: str = "", unit_id: int | None = None
) -> QuerySet[Application]:
    """Applications newest first that these units (None: all) decide, took in or are the subject of."""
    rows = Application.objects.order_by("-id")
    if units is not None:
        ids = list(units)
        rows = rows.filter(Q(unit_id__in=ids) | Q(subject_id__in=ids) | Q(taken_by_id__in=ids))
    if state == "running":
        rows = rows.filter(state__in=RUNNING)
    elif state in RepairState.values:
        rows = rows.filter(state=state)
    return rows if unit_id is None else rows.filter(unit_id=unit_id)


def of_entry(entry_id: int) -> list[Application]:
    """Every application about this record, newest first."""
    return list(Application.objects.filter(entry_id=entry_id).order_by("-id"))


def of_duty(duty: Duty) -> Application | None:
    """The application that this duty is about, if it is one of repair."""
    if duty.kind not in _KINDS:
        return None
    found = Application.objects.filter(duty_id=duty.pk).first()
    if found is not None:
        return found
    # The duty of an earlier step: it names the application's entry.
    about = Entry.objects.filter(pk=duty.source_id or 0).values_list("about_id", flat=True).first()
    return Application.objects.filter(filed_entry_id__in=[duty.source_id, about]).first()


def duties_of(rows: Collection[Application]) -> dict[int, Duty]:
    """By application id, the duty that runs or ran last."""
    duties = Duty.objects.in_bulk([row.duty_id for row in rows if row.duty_id])
    return {row.pk: duties[row.duty_id] for row in rows if row.duty_id in duties}


def recorders(entry_id: int) -> set[int]:
    """The accounts that entered this record, and what it corrected, into the ledger."""
    chain = ledger.chain_of([ledger.entry(entry_id)])
    found = (ledger.batch(each.batch_id) for each in chain)
    return {each.account_id for each in found if each is not None and each.account_id is not None}
