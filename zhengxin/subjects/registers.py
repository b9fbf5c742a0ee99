"""Reads a county's register (registers/<county>.yaml) and enters what is not there yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused
from zhengxin.subjects import actions
from zhengxin.subjects.enums import NameKind, SuccessionKind, UnitKind
from zhengxin.subjects.models import Succession, Unit

_CONFIRMED_STATUS = {"read", "invented"}
_STATUSES = _CONFIRMED_STATUS | {"excerpt", "memory"}
_UNIT_KEYS = {
    "code",
    "name",
    "kind",
    "region",
    "uscc",
    "short",
    "former",
    "opened_on",
    "closed_on",
    "traits",
    "sends",
    "basis",
    "status",
}
_SUCCESSION_KEYS = {"from", "to", "kind", "date", "confirmed", "basis", "status"}
_LOCAL_KINDS = {
    UnitKind.TOWN,
    UnitKind.SUBDISTRICT,
    UnitKind.STATE_FARM,
    UnitKind.DEVELOPMENT_ZONE,
}


class BadRegister(Refused):
    """A register file says something that cannot be entered."""


@dataclass(frozen=True, slots=True)
class Register:
    """What a register file is about, and how much of it was new."""

    name: str
    code: str
    invented: bool
    units: int
    new_units: int


def load_register(path: Path, *, at: datetime, actor: Actor) -> Register:
    """Enter the units, names, powers and successions of a register in one transaction.

    What is there already stays as it is, so loading again is harmless and later decisions of people
    are kept. Raises BadRegister, naming file and unit.
    """
    content = _read(path)
    county: Mapping[str, Any] = content["county"]
    reading = _Reading(path=path, county=county, content=content, at=at, actor=actor)
    with transaction.atomic():
        new = [reading.enter(place, each) for place, each in enumerate(content["units"], start=1)]
        for each in content.get("successions") or []:
            reading.enter_succession(each)
    return Register(
        name=county["name"],
        code=str(county["code"]),
        invented=county["invented"],
        units=len(new),
        new_units=sum(new),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        county = content["county"]
        sound = (
            isinstance(content["units"], list)
            and isinstance(county["invented"], bool)
            and bool(county["name"])
            and bool(county["code"])
        )
    except FileNotFoundError:
        raise BadRegister(
            _("登记册没有载入。"),
            _("没有文件%(file)s。") % {"file": path.name},
            _("请核对县的名称。"),
        ) from None
    except (yaml.YAMLError, KeyError, TypeError) as fault:
        raise _bad(path, "", str(fault)) from fault
    if not sound:
        raise _bad(path, "", _("county要有name、code、invented，units要是列表"))
    return dict(content)


def _bad(path: Path, where: str, why: str) -> BadRegister:
    return BadRegister(
        _("登记册没有载入。"),
        _("%(file)s %(where)s：%(why)s。") % {"file": path.name, "where": where, "why": why},
        _("请改正文件后再载入。"),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One register being entered."""

    path: Path
    county: Mapping[str, Any]
    content: Mapping[str, Any]
    at: datetime
    actor: Actor

    def enter(self, place: int, each: Mapping[str, Any]) -> bool:
        """Enter one unit with its names and powers; True when the unit is new."""
        where = str(each.get("code") or f"units[{place}]")
        self._insist(where, each, _UNIT_KEYS, {"code", "name", "kind", "basis", "status"})
        code, basis = str(each["code"]), self._basis(each)
        opened_on, closed_on = self._day(each, "opened_on"), self._day(each, "closed_on")
        unit = Unit.objects.filter(code=code).first()
        new = unit is None
        formers = list(each.get("former") or [])
        if unit is None:
            unit = actions.register_unit(
                name=formers[0]["name"] if formers else each["name"],
                kind=each["kind"],
                code=code,
                uscc=each.get("uscc") or "",
                region_code=str(each.get("region") or self.county["code"]),
                opened_on=opened_on,
                closed_on=closed_on,
                traits=each.get("traits") or [],
                position=place,
                basis=basis,
                at=self.at,
                actor=self.actor,
            )
            for former, name in pairwise([*formers, each]):
                self._rename(unit.pk, where, former, str(name["name"]), basis)
        for text, kind, since, until in self._names(each, opened_on):
            actions.add_name(
                subject_id=unit.pk,
                text=text,
                kind=kind,
                valid_from=since,
                valid_to=until,
                basis=basis,
                at=self.at,
                actor=self.actor,
            )
        for source in each.get("sends") or []:
            actions.grant_power(
                unit_id=unit.pk,
                source=source,
                basis=self.content["powers"]["basis"],
                at=self.at,
                actor=self.actor,
            )
        return new

    def _rename(
        self, unit_id: int, where: str, former: Mapping[str, Any], name: str, basis: str
    ) -> None:
        last_day = self._day(former, "to")
        if last_day is None:
            raise _bad(self.path, where, _("曾用名要有停用日期to"))
        actions.add_name(
            subject_id=unit_id,
            text=name,
            kind=NameKind.OFFICIAL,
            valid_from=last_day + timedelta(days=1),
            basis=basis,
            at=self.at,
            actor=self.actor,
        )

    def enter_succession(self, each: Mapping[str, Any]) -> None:
        """Enter who followed whom; confirmed only where the register says so."""
        where = f"successions {each.get('from')}"
        self._insist(where, each, _SUCCESSION_KEYS, {"from", "kind", "basis", "status"})
        if each["kind"] not in SuccessionKind.values:
            raise _bad(self.path, where, _("没有这种承接方式"))
        row = actions.record_succession(
            predecessor_id=self._unit(where, each["from"]),
            successor_id=self._unit(where, each["to"]) if each.get("to") else None,
            kind=each["kind"],
            on=self._day(each, "date"),
            basis=self._basis(each),
            at=self.at,
            actor=self.actor,
        )
        if each.get("confirmed") is True:
            self._confirm(row)

    def _confirm(self, row: Succession) -> None:
        if not self.county["invented"]:
            raise _bad(self.path, f"successions {row.pk}", _("真实单位的承接关系要由人确认"))
        actions.confirm_succession(succession_id=row.pk, at=self.at, actor=self.actor)

    def _names(
        self, each: Mapping[str, Any], opened_on: date | None
    ) -> list[tuple[str, str, date | None, date | None]]:
        """Short and former names, and the spellings with and without the county's name."""
        formers = list(each.get("former") or [])
        last_day = self._day(formers[-1], "to") if formers else None
        begin = last_day + timedelta(days=1) if last_day else opened_on
        shorts = [str(text) for text in each.get("short") or []]
        names: list[tuple[str, str, date | None, date | None]] = [
            (text, str(NameKind.SHORT), begin, None) for text in shorts
        ]
        local = each["kind"] in _LOCAL_KINDS
        taken = {each["name"], *shorts}
        for form in (each["name"], *shorts):
            spelling = self._other_spelling(form, local=local)
            if spelling and spelling not in taken:
                taken.add(spelling)
                names.append((spelling, str(NameKind.ALIAS), begin, None))
        for former in formers:
            since, until = self._day(former, "from"), self._day(former, "to")
            forms = [former["name"], *(former.get("short") or [])]
            for form in forms:
                for spelling in (form, self._other_spelling(form, local=local)):
                    if spelling:
                        names.append((spelling, str(NameKind.FORMER), since, until))
        return names

    def _other_spelling(self, form: str, *, local: bool) -> str:
        """示例县财政局 ↔ 县财政局, 示例县东河镇 ↔ 东河镇; empty when there is none."""
        county = str(self.county["name"])
        if form.startswith(county):
            rest = form[len(county) :]
            return rest if local else county[-1] + rest
        if local:
            return county + form
        return county[:-1] + form if form.startswith(county[-1]) else ""

    def _insist(
        self, where: str, each: Mapping[str, Any], known: set[str], required: set[str]
    ) -> None:
        if unknown := sorted(str(key) for key in set(each) - known):
            raise _bad(self.path, where, _("不认识%(keys)s") % {"keys": "、".join(unknown)})
        if missing := sorted(key for key in required if not each.get(key)):
            raise _bad(self.path, where, _("缺%(keys)s") % {"keys": "、".join(missing)})
        if not isinstance(each.get("uscc") or "", str):
            raise _bad(self.path, where, _("uscc要加引号"))
        if each["status"] not in _STATUSES:
            raise _bad(self.path, where, _("status只能是read、excerpt、memory、invented"))

    def _basis(self, each: Mapping[str, Any]) -> str:
        """The basis, marked 待核实 when it rests on an excerpt or on memory."""
        basis = str(each["basis"])
        return basis if each["status"] in _CONFIRMED_STATUS else basis + _("（待核实）")

    def _day(self, each: Mapping[str, Any], key: str) -> date | None:
        value = each.get(key)
        if value is not None and not isinstance(value, date):
            raise _bad(self.path, str(each.get("code") or key), _("日期要写成2019-03-31这样"))
        return value

    def _unit(self, where: str, code: object) -> int:
        ids = Unit.objects.filter(code=str(code)).values_list("subject_id", flat=True)
        if not ids:
            raise _bad(self.path, where, _("没有代码为%(code)s的单位") % {"code": code})
        return ids[0]
