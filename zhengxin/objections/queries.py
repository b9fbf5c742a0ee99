"""Reads of objections, and of the copies to which a correction is chased."""

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.archive.queries import lines
from zhengxin.duties.models import Duty
from zhengxin.kernel.letters import code_digest
from zhengxin.kernel.refused import Refused
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.objections import rules
from zhengxin.objections.contacts import objector_of as objector_of
from zhengxin.objections.models import RUNNING, Copy, Objection
from zhengxin.objections.public import standing_of
from zhengxin.objections.rules import NoSuchRecord as NoSuchRecord
from zhengxin.objections.types import Disputed
from zhengxin.publication import queries as publication
from zhengxin.publication.board.letters import Standing, UnknownCode
from zhengxin.publication.judging import corrections


class UnknownObjection(Refused):
    """No objection, or no copy, has this number."""


def objection(objection_id: int) -> Objection:
    """One objection. Raises UnknownObjection."""
    found = Objection.objects.filter(pk=objection_id).first()
    if found is None:
        raise UnknownObjection(_("没有找到这件异议。"), "", _("请从异议列表中打开。"))
    return found


def record_of(entry_id: int) -> Disputed:
    """A record to which somebody may object now. Raises NoSuchRecord, ObjectionRefused."""
    entry = Entry.objects.filter(pk=entry_id).first()
    line = lines([entry_id]).get(entry_id)
    if entry is None or line is None:
        return rules.check_record(None)
    return rules.check_record(
        Disputed(
            entry_id=entry_id,
            root_id=corrections([entry_id]).get(entry_id, entry_id),
            unit_id=line.unit_id,
            subject_id=line.subject_id,
            ending=line.ending,
            sealed=entry_id in publication.sealed([entry_id]),
            erased=not ledger.readable([entry_id]),
        )
    )


def corrected_since(row: Objection) -> bool:
    """Whether the record was corrected or withdrawn after it was objected to."""
    line = lines([row.entry_id]).get(row.entry_id)
    return line is not None and bool(line.ending)


def objections(
    units: Collection[int] | None, *, state: str = "", unit_id: int | None = None
) -> QuerySet[Objection]:
    """Objections newest first: those about what these units (None: all) recorded or that they lodged.

    state: one of them, "running", or "chasing" (a copy is not confirmed yet); unit_id: who recorded.
    """
    rows = Objection.objects.order_by("-id")
    if units is not None:
        own = list(units)
        holds = Copy.objects.filter(objection=OuterRef("pk"), kind="unit", ref__in=map(str, own))
        rows = rows.filter(Q(unit_id__in=own) | Q(objector_unit_id__in=own) | Exists(holds))
    if state == "running":
        rows = rows.filter(state__in=RUNNING)
    elif state == "chasing":
        left = Copy.objects.filter(objection=OuterRef("pk"), confirmed_on__isnull=True)
        rows = rows.filter(Exists(left))
    elif state:
        rows = rows.filter(state=state)
    return rows if unit_id is None else rows.filter(unit_id=unit_id)


def copies(row: Objection) -> list[Copy]:
    """Who holds a copy of the corrected record: those not confirmed first."""
    return sorted(row.copies.order_by("id"), key=lambda each: each.confirmed_on is not None)


def copy(copy_id: int) -> Copy:
    """One of them with its objection. Raises UnknownObjection."""
    found = Copy.objects.select_related("objection").filter(pk=copy_id).first()
    if found is None:
        raise UnknownObjection(_("没有找到这一行。"), "", _("请从更正追踪里打开。"))
    return found


def copy_counts(ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By objection: how many hold a copy, and how many of them have confirmed."""
    rows = Copy.objects.filter(objection_id__in=ids).order_by().values_list("objection_id")
    counted = rows.annotate(n=Count("id"), done=Count("confirmed_on"))
    return {pk: (n, done) for pk, n, done in counted}


def chase(*, only_open: bool = False) -> QuerySet[Copy]:
    """Every copy of every corrected record, the newest objection first."""
    rows = Copy.objects.select_related("objection").order_by("-objection_id", "id")
    return rows.filter(confirmed_on__isnull=True) if only_open else rows


def objection_of_duty(duty: Duty) -> Objection | None:
    """The objection that opened this duty, if one did."""
    column = {
        "objection_check": "check_duty_id",
        "objection_answer": "answer_duty_id",
        "objection_decision": "decide_duty_id",
        "objection_correction": "correct_duty_id",
        "correction_receipt": "copies__duty_id",
    }.get(duty.kind)
    return Objection.objects.filter(**{column: duty.pk}).first() if column else None


def parties_of(row: Objection) -> set[int]:
    """Units that read what is said in it: who recorded, who lodged."""
    return {row.unit_id} | ({row.objector_unit_id} if row.objector_unit_id else set())


def units_of(row: Objection) -> set[int]:
    """Units that take part in it: also who holds a copy, and reads no more than that it is to be corrected."""
    held = row.copies.filter(kind="unit").values_list("ref", flat=True)
    return {*parties_of(row), *map(int, held)}


def has_code(digest: str) -> bool:
    """Whether an objection has the code with this digest."""
    return Objection.objects.filter(code_digest=digest).exists()


def by_code(code: str) -> Standing:
    """How the objection with this code stands; nothing of its content. Raises UnknownCode."""
    row = Objection.objects.filter(code_digest=code_digest(code)).first()
    if row is None:
        raise UnknownCode
    return standing_of(row)
