"""Reads of the register: units, subjects, powers, agreements, judgements. Frozen types go out."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.leaks import mask_id_numbers
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.uscc import normalise_code
from zhengxin.subjects.attribution import attribute as attribute
from zhengxin.subjects.enums import NameKind
from zhengxin.subjects.judgements import decided_under as decided_under
from zhengxin.subjects.judgements import holder_of as holder_of
from zhengxin.subjects.judgements import judgements as judgements
from zhengxin.subjects.judgements import stands_alone as stands_alone
from zhengxin.subjects.models import (
    Name,
    Power,
    SharingAgreement,
    Subject,
    Succession,
    Unit,
)
from zhengxin.subjects.rules import named_like_a_person as named_like_a_person
from zhengxin.subjects.rules import person_beside as person_beside
from zhengxin.subjects.spellings import spellings as spellings
from zhengxin.subjects.types import (
    AgreementLine,
    Allowed,
    NameLine,
    SubjectCard,
    SubjectLine,
    SuccessionLine,
    UnitLine,
)

# Roles that see the records of the whole county, and roles that see none.
COUNTY_WIDE = (Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.SYSTEM)
OWN_UNIT = (Role.CLERK, Role.LEADER)
# The trait of the unit that collects records for the whole county (牵头单位).
CREDIT_OFFICE = "credit_office"
# The trait of the unit that draws up plans and takes in returns (政务公开办公室).
OPEN_GOVERNMENT_OFFICE = "open_government_office"
_SEARCH_LIMIT = 50


class UnknownSubject(Refused):
    """No subject or unit has this number."""


def _in_force(on: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


def _open(on: date) -> Q:
    return (Q(opened_on__isnull=True) | Q(opened_on__lte=on)) & (
        Q(closed_on__isnull=True) | Q(closed_on__gte=on)
    )


def _unit_lines(rows: QuerySet[Unit]) -> list[UnitLine]:
    found = list(rows.select_related("subject").order_by("position", "code"))
    shorts: dict[int, str] = {}
    if found:
        for pk, text in (
            Name.objects.filter(kind=NameKind.SHORT, valid_to__isnull=True)
            .filter(subject__unit__isnull=False)
            .order_by("-id")
            .values_list("subject_id", "text")
        ):
            shorts[pk] = text
    return [
        UnitLine(
            id=row.pk,
            name=row.subject.name,
            short_name=shorts.get(row.pk, row.subject.name),
            kind=row.kind,
            kind_label=str(row.get_kind_display()),
            code=row.code,
            region_code=row.region_code,
            uscc=row.subject.uscc or "",
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            traits=frozenset(row.traits),
            position=row.position,
        )
        for row in found
    ]


def units(on: date | None = None) -> list[UnitLine]:
    """Units open on the day (all, also closed ones, without a day), in the county's own order."""
    rows = Unit.objects.all()
    return _unit_lines(rows if on is None else rows.filter(_open(on)))


def unit(unit_id: int) -> UnitLine:
    """One unit. Raises UnknownSubject."""
    found = _unit_lines(Unit.objects.filter(pk=unit_id))
    if not found:
        raise UnknownSubject(_("没有找到这个单位。"), "", _("请从单位列表中选择。"))
    return found[0]


def unit_by_name(text: str, on: date) -> UnitLine | None:
    """The one unit open on the day that used this name on it; None when no or several units did."""
    named = Name.objects.filter(_in_force(on), folded=fold_name(text), subject__unit__isnull=False)
    ids = set(named.values_list("subject_id", flat=True))
    found = _unit_lines(Unit.objects.filter(_open(on), pk__in=ids)) if ids else []
    return found[0] if len(found) == 1 else None


def unit_by_code(code: str) -> UnitLine | None:
    """The unit with this internal or division code, or this unified social credit code."""
    wanted = normalise_code(code)
    found = _unit_lines(Unit.objects.filter(Q(code=wanted) | Q(subject__uscc=wanted)))
    return found[0] if len(found) == 1 else None


def subject_by_code(code: str) -> int:
    """The firm or unit with this unified social credit code, or the unit with this internal or division code.

    Raises UnknownSubject.
    """
    wanted = normalise_code(code)
    found = Subject.objects.filter(uscc=wanted).values_list("pk", flat=True).first()
    if found is None:
        unit = unit_by_code(code)
        found = unit.id if unit else None
    if found is None:
        raise UnknownSubject(
            _("没有代码为“{code}”的单位或企业。").format(code=mask_id_numbers(code)[:40]),
            _("登记里没有这个统一社会信用代码或单位代码。"),
            _("请核对代码；自然人不按号码查询。"),
        )
    return found


def may_send(unit_id: int, source: str, on: date) -> Allowed:
    """Whether a unit may send this source on that day, with the basis or the reason why not."""
    row = Unit.objects.select_related("subject").filter(pk=unit_id).first()
    if row is None:
        return Allowed(False, _("没有找到这个单位。"))
    if row.closed_on is not None and row.closed_on < on:
        return Allowed(False, _("%(unit)s已撤销，不能再报送。") % {"unit": row.subject.name})
    if CREDIT_OFFICE in row.traits:
        return Allowed(True, _("牵头归集全县信用记录，可以代各单位报送。"))
    power = Power.objects.filter(_in_force(on), unit_id=unit_id, source=source).first()
    if power is None:
        return Allowed(
            False, _("登记册中没有%(unit)s报送这一来源的权责。") % {"unit": row.subject.name}
        )
    return Allowed(True, power.basis)


def reports_for_others(unit_id: int) -> bool:
    """Whether the unit collects records for the whole county, so that others' decisions may come from it."""
    traits = Unit.objects.filter(pk=unit_id).values_list("traits", flat=True).first()
    return CREDIT_OFFICE in (traits or ())


def sources_of(unit_id: int, on: date) -> list[str]:
    """The sources a unit may send on that day, sorted."""
    rows = Power.objects.filter(_in_force(on), unit_id=unit_id)
    return sorted(set(rows.values_list("source", flat=True)))


def credit_office(on: date) -> UnitLine | None:
    """The unit that collects records for the whole county and may send any source on others' behalf."""
    return next((unit for unit in units(on) if CREDIT_OFFICE in unit.traits), None)


def open_government_office(on: date) -> UnitLine | None:
    """The unit that draws up work plans and to which units report on them."""
    return next((unit for unit in units(on) if OPEN_GOVERNMENT_OFFICE in unit.traits), None)


def units_with_power(source: str, on: date) -> list[UnitLine]:
    """The open units that may send this source on that day."""
    able = Power.objects.filter(_in_force(on), source=source).values("unit_id")
    return _unit_lines(Unit.objects.filter(_open(on), pk__in=able))


def visible_units(actor: Actor, on: date) -> frozenset[int] | None:
    """Whose records the actor sees: None is every unit's, an empty set nobody's.

    Clerks and leaders see their own unit, also its predecessors whose succession is confirmed.
    """
    if actor.has(*COUNTY_WIDE):
        return None
    if not actor.has(*OWN_UNIT) or actor.unit_id is None:
        return frozenset()
    return lineage(actor.unit_id, on)


def lineage(unit_id: int, on: date) -> frozenset[int]:
    """The unit and all whose confirmed successor it is by that day, and theirs."""
    own = {unit_id}
    growing = True
    followed = _followed(on)
    while growing:
        more = {old for old, new in followed if new in own} - own
        own |= more
        growing = bool(more)
    return frozenset(own)


def bearers_now(on: date) -> dict[int, int]:
    """Of every unit that was followed by that day: the unit that answers for its duties now.

    Where one was split among several, the one registered first answers until a duty is handed over.
    """
    after: dict[int, int] = {}
    for old, new in _followed(on):
        after.setdefault(old, new)
    found: dict[int, int] = {}
    for old in after:
        seen, now = {old}, after[old]
        while now in after and after[now] not in seen:
            seen.add(now)
            now = after[now]
        found[old] = now
    return found


def closed_by(on: date) -> dict[int, date]:
    """Units whose last day is over or comes on that day, with it."""
    rows = Unit.objects.filter(closed_on__lte=on)
    return {pk: day for pk, day in rows.values_list("pk", "closed_on") if day is not None}


def _followed(on: date) -> list[tuple[int, int]]:
    rows = (
        Succession.objects.filter(confirmed_at__isnull=False, successor__isnull=False)
        .filter(Q(on__isnull=True) | Q(on__lte=on))
        .order_by("id")
        .values_list("predecessor_id", "successor_id")
    )
    return [(old, new) for old, new in rows if new is not None]


def subject_names(ids: Iterable[int]) -> dict[int, str]:
    """Current names by subject id, for lists (chunk long lists yourself)."""
    return dict(Subject.objects.filter(pk__in=set(ids)).values_list("id", "name"))


def all_names(ids: Iterable[int]) -> set[str]:
    """Every name these subjects bear or bore."""
    given = list(ids)
    names = Name.objects.filter(subject_id__in=given).values_list("text", flat=True)
    return {*names, *subject_names(given).values()}


def names_of(ids: Iterable[int]) -> dict[int, set[str]]:
    """Every name each of these subjects bears or bore, by its id."""
    found: dict[int, set[str]] = {}
    for pk, text in Name.objects.filter(subject_id__in=set(ids)).values_list("subject_id", "text"):
        found.setdefault(pk, set()).add(text)
    return found


def search_subjects(text: str, viewer: Actor, limit: int = _SEARCH_LIMIT) -> list[SubjectLine]:
    """Subjects whose code or name is `text`, then those one of whose names contains it, short ones first.

    Natural persons are found only by officials who see the whole county, and by full name; nobody
    without a records role finds anything.
    """
    folded, code = fold_name(text), normalise_code(text)
    if not viewer.has(*COUNTY_WIDE, *OWN_UNIT) or len(folded) < 2:
        return []
    exact = Q(folded=folded) | Q(uscc=code)
    named = Name.objects.filter(folded__contains=folded, subject__natural_person=False)
    within = Q(folded__contains=folded) | Q(pk__in=named.values("subject_id"))
    bodies = Q(natural_person=False)
    first = exact if viewer.has(*COUNTY_WIDE) else exact & bodies
    rows = list(Subject.objects.filter(first).order_by("natural_person", "id")[:limit])
    seen = {row.pk for row in rows}
    more = list(
        Subject.objects.filter(within & bodies).exclude(pk__in=seen).order_by("id")[: limit * 4]
    )
    rows += sorted(more, key=lambda row: (len(row.folded), row.pk))
    return [_subject_line(row) for row in rows[:limit]]


def _subject_line(row: Subject) -> SubjectLine:
    return SubjectLine(
        id=row.pk,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        name=row.name,
        uscc=row.uscc or "",
        natural_person=row.natural_person,
    )


def subject_card(subject_id: int) -> SubjectCard:
    """Identity, names over time and, for a unit, its successions. Raises UnknownSubject."""
    row = Subject.objects.filter(pk=subject_id).first()
    if row is None:
        raise UnknownSubject(_("没有找到这个主体。"), "", _("请重新搜索名称或代码。"))
    names = Name.objects.filter(subject_id=subject_id).order_by("valid_from", "id")
    lines = _unit_lines(Unit.objects.filter(pk=subject_id))
    return SubjectCard(
        id=row.pk,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        name=row.name,
        uscc=row.uscc or "",
        natural_person=row.natural_person,
        names=tuple(
            NameLine(
                text=name.text,
                kind=name.kind,
                kind_label=str(name.get_kind_display()),
                valid_from=name.valid_from,
                valid_to=name.valid_to,
                basis=name.basis,
            )
            for name in names
        ),
        unit=lines[0] if lines else None,
        successors=tuple(
            _succession_line(each, each.successor)
            for each in _successions().filter(predecessor_id=subject_id)
        ),
        predecessors=tuple(
            _succession_line(each, each.predecessor)
            for each in _successions().filter(successor_id=subject_id)
        ),
    )


def _successions() -> QuerySet[Succession]:
    return Succession.objects.select_related("predecessor__subject", "successor__subject").order_by(
        "id"
    )


def _succession_line(row: Succession, other: Unit | None) -> SuccessionLine:
    return SuccessionLine(
        id=row.pk,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        other_id=other.pk if other else None,
        other_name=other.subject.name if other else "",
        on=row.on,
        basis=row.basis,
        confirmed=row.confirmed_at is not None,
    )


def unconfirmed_successions() -> list[tuple[UnitLine, SuccessionLine]]:
    """Every succession that waits for a person: the earlier unit and what is believed of it."""
    rows = list(_successions().filter(confirmed_at__isnull=True))
    lines = {line.id: line for line in units()}
    return [(lines[row.predecessor_id], _succession_line(row, row.successor)) for row in rows]


def agreements(on: date | None = None, unit_id: int | None = None) -> list[AgreementLine]:
    """Agreements newest first: in force on the day (all without one), of or for a unit if given."""
    rows = SharingAgreement.objects.select_related("owner__subject", "reader__subject")
    if on is not None:
        rows = rows.filter(ended_at__isnull=True, valid_from__lte=on, expires_on__gte=on)
    if unit_id is not None:
        rows = rows.filter(Q(owner_id=unit_id) | Q(reader_id=unit_id))
    return [
        AgreementLine(
            id=row.pk,
            owner_id=row.owner_id,
            owner_name=row.owner.subject.name,
            reader_id=row.reader_id,
            reader_name=row.reader.subject.name,
            fields=frozenset(row.fields),
            basis=row.basis,
            purpose=row.purpose,
            valid_from=row.valid_from,
            expires_on=row.expires_on,
            ended_at=row.ended_at,
        )
        for row in rows.order_by("-id")
    ]


def agreement_between(owner: int, reader: int, on: date) -> AgreementLine | None:
    """The newest agreement in force on the day under which `reader` may look up `owner`'s subjects."""
    for line in agreements(on, reader):
        if line.owner_id == owner and line.reader_id == reader:
            return line
    return None
